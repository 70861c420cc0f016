# SPDX-License-Identifier: Apache-2.0
# lightrack_verilate(TARGET name TOP module PREFIX Vname [SOURCES file ...] [PARAMETERS -GLanes=16 ...] [FLAGS ...]):
# an interface target of the Verilated model: include path, archive, and the one shared Verilator runtime. SOURCES are
# packages first and waivers (.vlt) among them; without it, those of rtl/ with the generated register block.
#
# The wheel has no CMake package and was built on another host: root, compiler, archiver and interpreters are named here.
# No precompiled header: with one, ccache would never find what another build folder has compiled.
# OPT_FAST decides the speed (2.3 times against Verilator's default); -CFLAGS -O3 does nothing, nor does OPT_FAST=-O3.
# What stands under a condition is left there, for a condition that is low then skips it: no mask in its place (-fno-dfg-
# peephole-...), while the data flow optimizer as a whole is worth its while. `unique case` over constants needs no check.
set(VERILATOR_ROOT ${CMAKE_SOURCE_DIR}/.venv/lib/python3.11/site-packages/verilator)
set(VERILATOR ${VERILATOR_ROOT}/bin/verilator)
find_program(MAKE_PROGRAM make REQUIRED)
find_program(PERL_PROGRAM perl REQUIRED)

set(rtl_directory ${CMAKE_SOURCE_DIR}/rtl)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${rtl_directory}/files.f)
file(STRINGS ${rtl_directory}/files.f rtl_names REGEX "^[^#/]")
set(rtl_sources ${rtl_names})
list(TRANSFORM rtl_sources PREPEND ${rtl_directory}/)
file(GLOB rtl_extra CONFIGURE_DEPENDS ${rtl_directory}/*.svh ${rtl_directory}/*.vlt)

# Ties the commands that make the register block to a target of the folder that declares them.
add_custom_target(generated_rtl DEPENDS ${generated}/lr_link_csr.sv ${generated}/lr_link_csr_pkg.sv)

# Waveforms and coverage are always in the runtime, so that one program can hold models with and without them; a model
# built without them does not pay.
add_library(verilator_runtime STATIC
            ${VERILATOR_ROOT}/include/verilated.cpp ${VERILATOR_ROOT}/include/verilated_threads.cpp
            ${VERILATOR_ROOT}/include/verilated_fst_c.cpp ${VERILATOR_ROOT}/include/verilated_cov.cpp)
target_include_directories(verilator_runtime SYSTEM PUBLIC ${VERILATOR_ROOT}/include ${VERILATOR_ROOT}/include/vltstd)
target_compile_definitions(verilator_runtime PUBLIC VM_COVERAGE=1 VM_SC=0 VM_TRACE=1 VM_TRACE_FST=1 VM_TRACE_VCD=0
                           VL_TIME_CONTEXT)
target_compile_options(verilator_runtime PRIVATE -w)
target_link_libraries(verilator_runtime PUBLIC Threads::Threads lz4 z)

function(lightrack_verilate)
  cmake_parse_arguments(ARG "" "TARGET;TOP;PREFIX" "SOURCES;PARAMETERS;FLAGS" ${ARGN})
  if(ARG_SOURCES)
    set(sources ${ARG_SOURCES})
    set(depends ${ARG_SOURCES})
  else()
    set(sources ${rtl_directory}/lint.vlt ${CMAKE_SOURCE_DIR}/tb/bridge/public.vlt
                lr_link_csr_pkg.sv lr_link_csr.sv ${rtl_sources})
    set(depends ${rtl_sources} ${rtl_extra} ${CMAKE_SOURCE_DIR}/tb/bridge/public.vlt
                ${generated}/lr_link_csr.sv ${generated}/lr_link_csr_pkg.sv)
  endif()
  set(directory ${CMAKE_BINARY_DIR}/verilated/${ARG_PREFIX})
  set(archive ${directory}/${ARG_PREFIX}__ALL.a)
  file(MAKE_DIRECTORY ${directory})
  set(optimize -O2)
  if(LIGHTRACK_SANITIZE OR LIGHTRACK_COVERAGE OR ARG_PREFIX MATCHES "_fst$|^Vcoding_|^Vfec_|^Vsmall_")
    set(optimize -O1)  # what is waited for is the compiler
  endif()
  if(CCACHE)
    set(launcher "OBJCACHE=${CMAKE_COMMAND} -E env CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=time_macros ${CCACHE}")
  else()
    set(launcher "OBJCACHE=")
  endif()
  add_custom_command(
    OUTPUT ${archive} ${directory}/${ARG_PREFIX}.h
    COMMAND ${CMAKE_COMMAND} -E env VERILATOR_ROOT=${VERILATOR_ROOT} ${PERL_PROGRAM} ${VERILATOR}
            --cc --top-module ${ARG_TOP} --prefix ${ARG_PREFIX} --Mdir ${directory}
            --quiet -O3 --x-assign fast --x-initial unique --assert --no-assert-case --no-timing --timescale 1fs/1fs
            -fno-dfg-peephole-replace-cond-with-else-branch-zero
            -fno-dfg-peephole-replace-cond-with-then-branch-zero
            --output-split 15000 -Wno-fatal -I${rtl_directory} ${ARG_PARAMETERS} ${ARG_FLAGS}
            ${sources}
    COMMAND ${MAKE_PROGRAM} -s -j2 -C ${directory} -f ${ARG_PREFIX}.mk ${ARG_PREFIX}__ALL.a
            VERILATOR_ROOT=${VERILATOR_ROOT} CXX=${CMAKE_CXX_COMPILER} AR=${CMAKE_AR} PERL=${PERL_PROGRAM}
            PYTHON3=${LIGHTRACK_PYTHON} OPT_FAST=${optimize} OPT_SLOW=-O0 OPT_GLOBAL=-O2 CXXFLAGS=-w
            VK_PCH_I_FAST= VK_PCH_I_SLOW= "CFG_CXXFLAGS_PCH=-x c++-header -fsyntax-only" ${launcher}
    DEPENDS ${depends}
    WORKING_DIRECTORY ${generated}  # no build folder in the messages of checks: ccache again
    COMMENT "Verilating ${ARG_PREFIX}" VERBATIM)
  add_custom_target(${ARG_TARGET}_build DEPENDS ${archive})
  if(NOT ARG_SOURCES)
    add_dependencies(${ARG_TARGET}_build generated_rtl)
  endif()
  add_library(${ARG_TARGET} INTERFACE)
  add_dependencies(${ARG_TARGET} ${ARG_TARGET}_build)
  target_include_directories(${ARG_TARGET} SYSTEM INTERFACE ${directory})
  target_link_libraries(${ARG_TARGET} INTERFACE ${archive} verilator_runtime)
endfunction()
