# SPDX-License-Identifier: Apache-2.0
# lightrack_verilate(TARGET name TOP module PREFIX Vname [PARAMETERS -GLanes=16 ...] [FLAGS ...]):
# an interface target of the Verilated model: include path, archive, and the one shared Verilator runtime.
set(VERILATOR_ROOT ${CMAKE_SOURCE_DIR}/.venv/lib/python3.11/site-packages/verilator)
set(VERILATOR ${VERILATOR_ROOT}/bin/verilator)
file(STRINGS ${CMAKE_SOURCE_DIR}/rtl/files.f rtl_names REGEX "^[^#/]")
set(rtl_sources ${rtl_names})
list(TRANSFORM rtl_sources PREPEND ${CMAKE_SOURCE_DIR}/rtl/)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/files.f)
file(GLOB rtl_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/*.svh ${CMAKE_SOURCE_DIR}/rtl/*.vlt)

add_library(verilator_runtime STATIC ${VERILATOR_ROOT}/include/verilated.cpp
            ${VERILATOR_ROOT}/include/verilated_threads.cpp)
target_include_directories(verilator_runtime SYSTEM PUBLIC ${VERILATOR_ROOT}/include ${VERILATOR_ROOT}/include/vltstd)
target_compile_definitions(verilator_runtime PUBLIC VM_COVERAGE=0 VM_SC=0 VM_TRACE=0 VM_TRACE_FST=0 VM_TRACE_VCD=0
                           VL_TIME_CONTEXT)
target_compile_options(verilator_runtime PRIVATE -w)
target_link_libraries(verilator_runtime PUBLIC Threads::Threads)

# The same with FST waveforms and, in the coverage preset, line coverage.
add_library(verilator_runtime_fst STATIC ${VERILATOR_ROOT}/include/verilated.cpp
            ${VERILATOR_ROOT}/include/verilated_threads.cpp ${VERILATOR_ROOT}/include/verilated_fst_c.cpp
            ${VERILATOR_ROOT}/include/verilated_cov.cpp)
target_include_directories(verilator_runtime_fst SYSTEM PUBLIC ${VERILATOR_ROOT}/include ${VERILATOR_ROOT}/include/vltstd)
target_compile_definitions(verilator_runtime_fst PUBLIC VM_COVERAGE=1 VM_SC=0 VM_TRACE=1 VM_TRACE_FST=1 VM_TRACE_VCD=0
                           VL_TIME_CONTEXT)
target_compile_options(verilator_runtime_fst PRIVATE -w)
target_link_libraries(verilator_runtime_fst PUBLIC Threads::Threads z)

function(lightrack_verilate)
  cmake_parse_arguments(ARG "" "TARGET;TOP;PREFIX;RUNTIME" "PARAMETERS;FLAGS" ${ARGN})
  set(directory ${CMAKE_BINARY_DIR}/verilated/${ARG_PREFIX})
  set(archive ${directory}/${ARG_PREFIX}__ALL.a)
  file(MAKE_DIRECTORY ${directory})
  set(optimize -O2)
  if(LIGHTRACK_SANITIZE)
    set(optimize "-O1")
  endif()
  add_custom_command(
    OUTPUT ${archive} ${directory}/${ARG_PREFIX}.h
    COMMAND ${CMAKE_COMMAND} -E env VERILATOR_ROOT=${VERILATOR_ROOT} ${VERILATOR} --cc --top-module ${ARG_TOP}
            --prefix ${ARG_PREFIX} --Mdir ${directory} -O3 --x-assign fast --x-initial fast --assert
            --no-timing -Wno-fatal -I${CMAKE_SOURCE_DIR}/rtl ${ARG_PARAMETERS} ${ARG_FLAGS}
            ${CMAKE_SOURCE_DIR}/rtl/lint.vlt ${generated}/lr_link_csr_pkg.sv ${generated}/lr_link_csr.sv ${rtl_sources}
    COMMAND ${CMAKE_COMMAND} -E env VERILATOR_ROOT=${VERILATOR_ROOT} CCACHE_NOHASHDIR=1
            make -s -C ${directory} -f ${ARG_PREFIX}.mk ${ARG_PREFIX}__ALL.a OPT_FAST=${optimize} OPT_SLOW=-O0
            OBJCACHE=${CCACHE} CXXFLAGS=-w
    DEPENDS ${rtl_sources} ${rtl_headers} ${generated}/lr_link_csr.sv ${generated}/lr_link_csr_pkg.sv
    COMMENT "Verilating ${ARG_PREFIX}" VERBATIM)
  add_custom_target(${ARG_TARGET}_build DEPENDS ${archive})
  add_library(${ARG_TARGET} INTERFACE)
  add_dependencies(${ARG_TARGET} ${ARG_TARGET}_build)
  target_include_directories(${ARG_TARGET} SYSTEM INTERFACE ${directory})
  target_link_libraries(${ARG_TARGET} INTERFACE ${archive} ${ARG_RUNTIME})
endfunction()
