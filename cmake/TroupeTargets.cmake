# A folder is a target: adding a file needs no edit here.

# Sources below a folder, as absolute paths; a file called main.cpp and folders named programs are left to the callers.
function(troupe_sources out folder)
  file(GLOB_RECURSE found RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER found EXCLUDE REGEX "(^|/)(main\\.cpp$|programs/)")
  list(TRANSFORM found PREPEND ${PROJECT_SOURCE_DIR}/)
  set(${out} ${found} PARENT_SCOPE)
endfunction()

# Optional precompiled header: FOLDER/pch.hpp, or another target's.
function(troupe_precompile target folder other)
  if(other)
    target_precompile_headers(${target} REUSE_FROM ${other})
  elseif(EXISTS ${PROJECT_SOURCE_DIR}/${folder}/pch.hpp)
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/${folder}/pch.hpp)
  endif()
endfunction()

# .proto files of a folder; generated headers are included as "runtime/wire/x.pb.h".
function(troupe_protobuf target folder)
  file(GLOB_RECURSE protos CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.proto)
  if(NOT protos)
    return()
  endif()
  set(generated ${PROJECT_BINARY_DIR}/generated)
  add_library(${target}_proto STATIC ${protos})
  target_link_libraries(${target}_proto PUBLIC protobuf::libprotobuf)
  target_include_directories(${target}_proto SYSTEM PUBLIC ${generated})
  file(MAKE_DIRECTORY ${generated})
  protobuf_generate(TARGET ${target}_proto LANGUAGE cpp IMPORT_DIRS ${PROJECT_SOURCE_DIR}
                    PROTOC_OUT_DIR ${generated})
  target_link_libraries(${target} PUBLIC ${target}_proto)
endfunction()

# CAF's own headers bind null references to empty tuples, which is no finding of ours: the files that may include
# them are spared that one check.
function(troupe_spare_caf)
  if(TROUPE_SANITIZE STREQUAL "address" OR TROUPE_FUZZ)
    list(FILTER ARGN INCLUDE REGEX "^${PROJECT_SOURCE_DIR}/runtime/host/")
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -fno-sanitize=null)
  endif()
endfunction()

# Arithmetic at -Og takes minutes where it should take a second: these folders are optimised in every build.
# Additions and multiplications are fused where the source says so and nowhere else, or bits would depend on the
# compiler. kernels_avx2.cpp and kernels_avx512.cpp may use those instructions throughout: they define nothing that another
# source could be linked to.
set(TROUPE_ARITHMETIC kernels/cpu kernels/engine kernels/files kernels/reference)
set(TROUPE_AVX2 -mavx2 -mfma -mf16c)
# gcc 12 takes the undefined operand of some AVX-512 intrinsics for a mistake of ours.
set(TROUPE_AVX512 ${TROUPE_AVX2} -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni -Wno-uninitialized)
function(troupe_optimise)
  foreach(folder IN LISTS TROUPE_ARITHMETIC)
    set(own ${ARGN})
    list(FILTER own INCLUDE REGEX "^${PROJECT_SOURCE_DIR}/${folder}/")
    set_source_files_properties(${own} PROPERTIES COMPILE_OPTIONS "-O2;-ffp-contract=off")
  endforeach()
  foreach(set avx2 avx512)
    string(TOUPPER TROUPE_${set} flags)
    set(own ${ARGN})
    list(FILTER own INCLUDE REGEX "^${PROJECT_SOURCE_DIR}/kernels/cpu/kernels_${set}\\.cpp$")
    set_source_files_properties(${own} PROPERTIES COMPILE_OPTIONS "-O2;-ffp-contract=off;${${flags}}")
  endforeach()
endfunction()

# The static library troupe::FOLDER (a namesake without sources while the folder is empty).
function(troupe_library folder)
  cmake_parse_arguments(ARG "" "PCH_OF" "LINK" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  troupe_sources(sources ${folder})
  if(NOT sources)
    add_library(troupe_${name} INTERFACE)
    target_link_libraries(troupe_${name} INTERFACE troupe_flags ${ARG_LINK})
  else()
    add_library(troupe_${name} STATIC ${sources})
    target_link_libraries(troupe_${name} PUBLIC troupe_flags ${ARG_LINK})
    troupe_precompile(troupe_${name} ${folder} "${ARG_PCH_OF}")
    troupe_protobuf(troupe_${name} ${folder})
    troupe_spare_caf(${sources})
    troupe_optimise(${sources})
  endif()
  add_library(troupe::${name} ALIAS troupe_${name})
endfunction()

# Kinds register themselves from static initialisers, which a linker drops with the archive member that
# nobody refers to: programs take these folders' archives whole.
set(TROUPE_SELF_REGISTERING actors agents workflows)

function(troupe_link target)
  set(whole "")
  foreach(folder IN LISTS TROUPE_SELF_REGISTERING)
    get_target_property(type troupe_${folder} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
      list(APPEND whole troupe_${folder})
    endif()
  endforeach()
  target_link_libraries(${target} PRIVATE troupe_flags ${ARGN})
  if(whole)
    list(JOIN whole "," names)
    set_target_properties(${target} PROPERTIES LINK_LIBRARY_OVERRIDE "WHOLE_ARCHIVE,${names}")
  endif()
endfunction()

# FOLDER/main.cpp is the program; the rest of FOLDER is the library troupe::FOLDER, so that tests can link it.
function(troupe_program name)
  cmake_parse_arguments(ARG "" "FOLDER" "LINK" ${ARGN})
  troupe_library(${ARG_FOLDER} LINK ${ARG_LINK})
  if(NOT EXISTS ${PROJECT_SOURCE_DIR}/${ARG_FOLDER}/main.cpp)
    return()
  endif()
  add_executable(${name} ${ARG_FOLDER}/main.cpp)
  troupe_link(${name} troupe::${ARG_FOLDER})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# Each folder below PARENT is one program PREFIXfolder: examples and benchmarks. PARENT/support is theirs together.
function(troupe_programs_below parent)
  cmake_parse_arguments(ARG "" "PREFIX" "LINK" ${ARGN})
  troupe_library(${parent}/support LINK ${ARG_LINK})
  file(GLOB folders RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${parent}/*)
  list(REMOVE_ITEM folders ${parent}/support)
  foreach(folder IN LISTS folders)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
    if(sources)
      cmake_path(GET folder FILENAME name)
      add_executable(${ARG_PREFIX}${name} ${sources})
      troupe_link(${ARG_PREFIX}${name} troupe::${parent}_support)
      set_target_properties(${ARG_PREFIX}${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${parent})
    endif()
  endforeach()
endfunction()

# Builds every group of a label: a sanitizer build compiles only what it runs.
function(troupe_aggregate label program)
  if(NOT TARGET ${label}_tests)
    add_custom_target(${label}_tests)
  endif()
  add_dependencies(${label}_tests ${program})
endfunction()

# Files named *_unoptimized.cpp are compiled at -O0: there gcc makes no tail call of a symmetric transfer.
function(troupe_leave_unoptimized)
  list(FILTER ARGN INCLUDE REGEX "_unoptimized\\.cpp$")
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O0 SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# Public data that lies beside the project, not in it; tests that need it skip with a message when it is not there.
set(TROUPE_SHARED_DATA ${PROJECT_SOURCE_DIR}/../shared/data CACHE PATH "Where the shared test data is")

# One Boost.Test program for all files below FOLDER, one ctest entry named after it. A main.cpp of the folder's
# own replaces the common one; FOLDER/programs/x.cpp becomes the program x that the tests start.
# ALONE: nothing else runs beside it. BINARY: the troupe command is built first.
function(troupe_test_group name)
  cmake_parse_arguments(ARG "ALONE;BINARY" "FOLDER;LABEL;TIMEOUT" "LINK;ARGS" ${ARGN})
  troupe_sources(sources ${ARG_FOLDER})
  if(NOT sources)
    return()
  endif()
  set(main $<TARGET_OBJECTS:tests_main>)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${ARG_FOLDER}/main.cpp)
    set(main ${PROJECT_SOURCE_DIR}/${ARG_FOLDER}/main.cpp)
  endif()
  add_executable(${name} ${sources} ${main})
  troupe_link(${name} ${ARG_LINK} deps::test)
  target_precompile_headers(${name} REUSE_FROM tests_main)
  troupe_leave_unoptimized(${sources})
  target_compile_definitions(${name} PRIVATE TROUPE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             TROUPE_BINARY_DIR="${PROJECT_BINARY_DIR}"
                                             TROUPE_SHARED_DATA="${TROUPE_SHARED_DATA}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  troupe_test_programs(${name} ${ARG_FOLDER} ${ARG_LINK})
  if(ARG_BINARY AND TARGET troupe)
    add_dependencies(${name} troupe)
    target_compile_definitions(${name} PRIVATE TROUPE_BINARY="$<TARGET_FILE:troupe>")
  endif()
  troupe_aggregate(${ARG_LABEL} ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600) # a hang, also under a sanitizer on a busy machine
  endif()
  add_test(NAME ${name} COMMAND ${TROUPE_RUNNER} $<TARGET_FILE:${name}> ${ARG_ARGS})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT}
                       RUN_SERIAL "${ARG_ALONE}" ENVIRONMENT "${TROUPE_TEST_ENVIRONMENT}")
endfunction()

function(troupe_test_programs group folder)
  file(GLOB programs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/programs/*.cpp)
  set(place ${PROJECT_BINARY_DIR}/tests/programs)
  foreach(source IN LISTS programs)
    cmake_path(GET source STEM program)
    add_executable(${program} ${source})
    troupe_link(${program} ${ARGN})
    set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${place})
    add_dependencies(${group} ${program})
  endforeach()
  target_compile_definitions(${group} PRIVATE TROUPE_TEST_PROGRAMS="${place}")
endfunction()

# One libFuzzer program; its seeds and past finds live in fuzz/corpus/NAME. What a run adds stays in the build folder.
function(troupe_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(fuzz_${name} ${ARG_SOURCES} ${PROJECT_SOURCE_DIR}/fuzz/leaks.cpp)
  troupe_link(fuzz_${name} ${ARG_LINK})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
  troupe_aggregate(fuzz fuzz_${name})
  set(grown ${PROJECT_BINARY_DIR}/fuzz/grown/${name})
  file(MAKE_DIRECTORY ${grown})
  set(seeds ${PROJECT_SOURCE_DIR}/fuzz/corpus/${name})
  if(NOT EXISTS ${seeds})
    set(seeds "")
  endif()
  add_test(NAME fuzz_${name}
           COMMAND ${TROUPE_RUNNER} $<TARGET_FILE:fuzz_${name}> -seed=${TROUPE_FUZZ_SEED}
                   -max_total_time=${TROUPE_FUZZ_SECONDS} -timeout=10
                   -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix=${grown}/../ ${grown} ${seeds})
  math(EXPR patience "${TROUPE_FUZZ_SECONDS} + 120")
  set_tests_properties(fuzz_${name} PROPERTIES LABELS fuzz TIMEOUT ${patience})
endfunction()
