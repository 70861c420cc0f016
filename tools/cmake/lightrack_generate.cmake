# SPDX-License-Identifier: Apache-2.0
# Code made at build time from the two sources that RTL and C++ share: rtl/lr_link_pkg.sv and rtl/link.rdl.
set(generated ${CMAKE_BINARY_DIR}/generated/rtl)
file(MAKE_DIRECTORY ${generated})

add_custom_command(
  OUTPUT ${generated}/link_pkg.h
  COMMAND ${LIGHTRACK_PYTHON} ${CMAKE_SOURCE_DIR}/tools/pkg_to_cpp.py
          ${CMAKE_SOURCE_DIR}/rtl/lr_link_pkg.sv ${generated}/link_pkg.h
  DEPENDS ${CMAKE_SOURCE_DIR}/rtl/lr_link_pkg.sv ${CMAKE_SOURCE_DIR}/tools/pkg_to_cpp.py
  VERBATIM)
add_custom_command(
  OUTPUT ${generated}/lr_link_csr.sv ${generated}/lr_link_csr_pkg.sv
  COMMAND ${LIGHTRACK_PYTHON} ${CMAKE_SOURCE_DIR}/tools/regs.py sv ${CMAKE_SOURCE_DIR}/rtl/link.rdl ${generated}
  DEPENDS ${CMAKE_SOURCE_DIR}/rtl/link.rdl ${CMAKE_SOURCE_DIR}/tools/regs.py
  VERBATIM)
add_custom_command(
  OUTPUT ${generated}/link_csr.h ${generated}/link_csr_regs.h
  COMMAND ${LIGHTRACK_PYTHON} ${CMAKE_SOURCE_DIR}/tools/regs.py cpp ${CMAKE_SOURCE_DIR}/rtl/link.rdl ${generated}
  DEPENDS ${CMAKE_SOURCE_DIR}/rtl/link.rdl ${CMAKE_SOURCE_DIR}/tools/regs.py
  VERBATIM)
add_custom_target(generated_headers DEPENDS ${generated}/link_pkg.h ${generated}/link_csr.h)

# The optical engine has registers of its own; no RTL.
set(generated_package ${CMAKE_BINARY_DIR}/generated/models/package)
file(MAKE_DIRECTORY ${generated_package})
add_custom_command(
  OUTPUT ${generated_package}/engine_csr.h ${generated_package}/engine_csr_regs.h
  COMMAND ${LIGHTRACK_PYTHON} ${CMAKE_SOURCE_DIR}/tools/regs.py cpp ${CMAKE_SOURCE_DIR}/models/package/engine.rdl
          ${generated_package}
  DEPENDS ${CMAKE_SOURCE_DIR}/models/package/engine.rdl ${CMAKE_SOURCE_DIR}/tools/regs.py
  VERBATIM)
add_custom_target(generated_engine DEPENDS ${generated_package}/engine_csr.h)
