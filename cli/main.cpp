#include "cli/compose.hpp"
#include "cli/run.hpp"

#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  try {
    auto world = troupe::cli::system_surroundings(troupe::cli::compose_node);
    return troupe::cli::run({argv + 1, argv + argc}, world);
  } catch (const std::exception& defect) {
    std::cerr << "error: a defect of ours: " << defect.what() << std::endl;
    return EXIT_FAILURE;
  }
}
