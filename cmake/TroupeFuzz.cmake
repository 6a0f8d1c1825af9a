# fuzz/FOLDER/NAME.cpp is the target fuzz_NAME, linked with troupe::FOLDER.
set(TROUPE_FUZZ_SECONDS 15 CACHE STRING "How long each fuzz target runs under ctest")
# A fixed seed walks the same inputs each time: a change is judged by what it did, not by the luck of the day. Deep runs
# draw one, to find what nobody has seen.
set(TROUPE_FUZZ_SEED 1 CACHE STRING "libFuzzer's seed; 0 draws one and prints it")
file(GLOB sources RELATIVE ${PROJECT_SOURCE_DIR}/fuzz CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/*/*.cpp)
add_custom_target(fuzz_tests)
foreach(source IN LISTS sources)
  cmake_path(GET source PARENT_PATH folder)
  cmake_path(GET source STEM name)
  troupe_fuzz(${name} SOURCES ${PROJECT_SOURCE_DIR}/fuzz/${source} LINK troupe::${folder})
endforeach()
