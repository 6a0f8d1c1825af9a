#pragma once

#include "kernels/adapters/peft.hpp"
#include "kernels/files/safetensors.hpp"
#include "kernels/model/hf_config.hpp"
#include "kernels/model/weights.hpp"
#include "kernels/reference/engine.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace troupe::kernels::tests {

inline std::string golden_folder(const std::string& name) {
  return std::string(TROUPE_SOURCE_DIR) + "/tests/golden/engine/" + name;
}

inline std::shared_ptr<const model_weights> golden_model(const std::string& name) {
  return std::make_shared<const model_weights>(load_model(golden_folder(name) + "/model").value());
}

inline std::shared_ptr<const adapter> golden_adapter(const std::string& name, const model_shape& shape) {
  return std::make_shared<const adapter>(load_peft_adapter(golden_folder(name) + "/adapter", shape).value());
}

/// Logits at every position of one text alone.
inline std::vector<float> logits_of(std::shared_ptr<const model_weights> model,
                                    const std::vector<token_id>& tokens,
                                    std::shared_ptr<const adapter> with = nullptr) {
  const reference_engine engine(model);
  sequence text(model->shape, std::move(with));
  const step whole{&text, tokens, true};
  const auto made = engine.forward({&whole, 1}).value();
  return {made.front().values().begin(), made.front().values().end()};
}

/// The message of an error, or that there is none.
template<class T>
std::string problem_of(const result<T>& answer) {
  return answer ? "no problem" : answer.error().message;
}

/// An empty folder of a test's own, gone at its end.
class own_folder {
public:
  own_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "troupe-test-XXXXXX").string();
    ensure(::mkdtemp(name.data()) != nullptr, "a test has a folder");
    path_ = name;
  }
  own_folder(const own_folder&) = delete;
  own_folder& operator=(const own_folder&) = delete;
  ~own_folder() { std::filesystem::remove_all(path_); }

  std::string path() const { return path_.string(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
  std::filesystem::path path_;
};

inline bool within(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace troupe::kernels::tests
