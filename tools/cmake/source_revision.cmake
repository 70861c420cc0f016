# SPDX-License-Identifier: Apache-2.0
# cmake -DSOURCE=dir -DHEADER=file -P source_revision.cmake: writes hashes of the sources that a checkpoint depends on, only
# if they changed. RTL: what the registers of an RTL end come from. Program: what all other state and its layout come from.
function(hash_of result)
  set(all "")
  foreach(pattern ${ARGN})
    file(GLOB names RELATIVE ${SOURCE} ${SOURCE}/${pattern})
    foreach(name ${names})
      file(SHA256 ${SOURCE}/${name} hash)
      string(APPEND all "${name} ${hash}\n")
    endforeach()
  endforeach()
  string(SHA256 hash "${all}")
  string(SUBSTRING ${hash} 0 16 hash)
  set(${result} ${hash} PARENT_SCOPE)
endfunction()

hash_of(rtl rtl/*.sv rtl/*.svh rtl/*.vlt rtl/*.f rtl/link.rdl rtl/CMakeLists.txt tb/bridge/*.vlt
        tools/cmake/lightrack_verilate.cmake tools/regs.py tools/requirements*.txt)
hash_of(program models/base/*.h models/base/*.cpp models/link/*.h models/link/*.cpp tb/bridge/*.h tb/bridge/*.cpp
        tb/bridge/*.in platforms/link/link_run* platforms/link/link_platform.h platforms/link/link_setup.cpp
        rtl/lr_link_pkg.sv rtl/link.rdl tools/regs.py tools/pkg_to_cpp.py tools/state_members.py
        tools/cmake/lightrack_options.cmake)
set(text "#define LR_PROGRAM_REVISION 0x${program}ULL\n#define LR_RTL_REVISION 0x${rtl}ULL\n")
set(old "")
if(EXISTS ${HEADER})
  file(READ ${HEADER} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${HEADER} "${text}")
endif()
