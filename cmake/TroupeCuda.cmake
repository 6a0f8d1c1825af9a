# TROUPE_CUDA: the kernels as device code, where there is an nvcc. Nothing links them yet (docs/cuda.md).
find_program(TROUPE_NVCC nvcc HINTS /usr/local/cuda/bin)
if(NOT TROUPE_NVCC)
  message(STATUS "CUDA: nvcc not found; building for the CPU alone")
  return()
endif()
message(STATUS "CUDA: ${TROUPE_NVCC}")
set(object ${PROJECT_BINARY_DIR}/kernels_cuda.o)
add_custom_command(
  OUTPUT ${object}
  COMMAND ${TROUPE_NVCC} -std=c++17 -I${PROJECT_SOURCE_DIR} -gencode arch=compute_80,code=sm_80 -gencode
          arch=compute_90,code=sm_90 -MD -MF ${object}.d -c ${PROJECT_SOURCE_DIR}/kernels/cuda/kernels.cu -o ${object}
  DEPENDS ${PROJECT_SOURCE_DIR}/kernels/cuda/kernels.cu
  DEPFILE ${object}.d
  VERBATIM)
add_custom_target(kernels_cuda ALL DEPENDS ${object})
