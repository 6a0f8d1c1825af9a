// Any body a service may send, read in every way it can be read.
#include "actors/models/arguments.hpp"
#include "actors/models/openai_wire.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace troupe::models;
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  const auto chat = read_chat(body);
  if (chat ? !read_generate_result(generate_result(*chat)) : chat.error().kind.empty())
    std::abort();
  const auto vectors = read_embeddings(body, 2);
  if (vectors && vectors->vectors.size() != 2)
    std::abort();
  if (read_error(body).message.size() > size)
    std::abort();
  if (const auto request = read_generate_arguments(body))
    if (read_generate_arguments(generate_arguments(*request)) != *request)
      std::abort();
  return 0;
}
