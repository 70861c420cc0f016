# SPDX-License-Identifier: Apache-2.0
# Compiler settings that every target shares, and the packages that come from Debian.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc)

set(LIGHTRACK_PYTHON ${CMAKE_SOURCE_DIR}/.venv/bin/python)
if(NOT EXISTS ${LIGHTRACK_PYTHON})
  message(FATAL_ERROR "The project's Python environment is missing: run tools/setup first.")
endif()

# What our own code is held to. The same source gives the same bits on every host: no fused multiply-add.
add_library(lightrack_warnings INTERFACE)
target_compile_options(lightrack_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror)
add_library(lightrack_common INTERFACE)
target_include_directories(lightrack_common INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
target_compile_options(lightrack_common INTERFACE -ffp-contract=off)
target_link_libraries(lightrack_common INTERFACE lightrack_warnings)

# Debian's SystemC was built as C++17; the define keeps our C++20 objects compatible with it.
add_library(lightrack_systemc INTERFACE)
target_compile_definitions(lightrack_systemc INTERFACE SC_CPLUSPLUS=201703L SC_INCLUDE_DYNAMIC_PROCESSES)
get_target_property(systemc_includes PkgConfig::SYSTEMC INTERFACE_INCLUDE_DIRECTORIES)
if(systemc_includes)
  target_include_directories(lightrack_systemc SYSTEM INTERFACE ${systemc_includes})
endif()
target_link_libraries(lightrack_systemc INTERFACE PkgConfig::SYSTEMC)

if(LIGHTRACK_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(LIGHTRACK_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

# lightrack_family(NAME [LINK ...]): static library of all sources in this folder.
function(lightrack_family name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(lightrack_${name} STATIC ${sources})
  target_link_libraries(lightrack_${name} PUBLIC lightrack_common ${ARG_LINK})
endfunction()

# lightrack_test(NAME [LINK ...]): one program of all *_test.cpp here; ctest runs each test in a process of its own,
# for SystemC elaborates once a process.
function(lightrack_test name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE lightrack_common ${ARG_LINK} GTest::gmock)
  target_compile_definitions(test_${name} PRIVATE LIGHTRACK_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             LIGHTRACK_BINARY_DIR="${CMAKE_BINARY_DIR}")
  include(GoogleTest)
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS "${name}" TIMEOUT 900)
endfunction()
