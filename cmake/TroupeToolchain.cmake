# Compiler, warnings, sanitizers and the tools that keep two cores enough.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Debug CACHE STRING "Debug while working, Release for figures" FORCE)
endif()

option(TROUPE_TESTS "Build the tests" ON)
option(TROUPE_BENCH "Build the benchmarks" ON)
option(TROUPE_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
option(TROUPE_CUDA "Build the CUDA kernels where nvcc is found" OFF)
set(TROUPE_SANITIZE "" CACHE STRING "Sanitizers: empty, address or thread")

# Measured on gcc 12, a file with json and containers: -Og -g1 compiles in 1.8 s, -O1 -g1 in 2.2 s,
# -O0 -g in 2.2 s, -O2 -g in 3.8 s. -g1 keeps names and lines for stack traces.
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g1 -D_GLIBCXX_ASSERTIONS")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")  # a crash at a user's must still name its lines; ensure() stays on

find_program(TROUPE_CCACHE ccache)
if(TROUPE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers need ccache to look past time macros; the base folder makes clones share their cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${TROUPE_CCACHE})
endif()
find_program(TROUPE_MOLD mold)

add_library(troupe_flags INTERFACE)
target_compile_options(troupe_flags INTERFACE -Wall -Wextra -Wconversion -fno-omit-frame-pointer)
target_include_directories(troupe_flags INTERFACE ${PROJECT_SOURCE_DIR})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # -fpch-preprocess lets ccache see through a precompiled header.
  target_compile_options(troupe_flags INTERFACE -Werror -fcoroutines -fpch-preprocess)
  # gcc 12 takes the std::function members of a std::variant, and optionals, for uninitialised at any -O level.
  # It also takes the concatenation of short strings for overlapping copies (both false, both fixed in gcc 13).
  target_compile_options(troupe_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict)
else()
  # gcc's warnings are the ones that fail a build; clang's -Wconversion means other things by the name.
  target_compile_options(troupe_flags INTERFACE -Wno-sign-conversion -Wno-unknown-warning-option
                                                "SHELL:-Xclang -fno-pch-timestamp")
endif()
if(TROUPE_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(troupe_flags INTERFACE -fuse-ld=mold)
endif()

# TROUPE_RUNNER goes before every test program: a sanitizer's shadow memory collides with the wide address
# randomisation of newer kernels, so it is switched off for these programs where the machine allows that.
set(TROUPE_RUNNER "")
if(TROUPE_SANITIZE STREQUAL "address")
  target_compile_options(troupe_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined)
  target_link_options(troupe_flags INTERFACE -fsanitize=address,undefined)
elseif(TROUPE_SANITIZE STREQUAL "thread")
  # gcc refuses the fences of Boost.Asio there, which its own primitives do not need for correctness.
  target_compile_options(troupe_flags INTERFACE -fsanitize=thread -Wno-tsan)
  target_link_options(troupe_flags INTERFACE -fsanitize=thread)
endif()
if(TROUPE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "TROUPE_FUZZ needs clang: cmake --preset fuzz")
  endif()
  target_compile_options(troupe_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined
                                                -fno-sanitize-recover=undefined)
  target_link_options(troupe_flags INTERFACE -fsanitize=address,undefined)
endif()
if(TROUPE_SANITIZE OR TROUPE_FUZZ)
  execute_process(COMMAND setarch -R true RESULT_VARIABLE fixed_addresses OUTPUT_QUIET ERROR_QUIET)
  if(fixed_addresses EQUAL 0)
    set(TROUPE_RUNNER setarch -R)
  endif()
endif()
