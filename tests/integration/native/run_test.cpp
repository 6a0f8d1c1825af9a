// Workflows against a model that the node runs itself, with no network: a tiny one with random weights.
#include "kernels/convert/convert.hpp"
#include "kernels/files/gguf_writer.hpp"
#include "kernels/model/weights.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace troupe;
using nlohmann::json;

namespace {

const std::string golden = std::string(TROUPE_SOURCE_DIR) + "/tests/golden/engine/llama-gqa";

/// 320 tokens: three that control the model, all bytes, and letters with a blank in front.
kernels::gguf_writer vocabulary() {
  std::vector<std::string> tokens{"<s>", "</s>", "<unk>"};
  std::vector<std::int32_t> types{3, 3, 2};
  for (int byte = 0; byte < 256; ++byte) {
    constexpr auto digits = "0123456789ABCDEF";
    tokens.push_back({'<', '0', 'x', digits[byte / 16], digits[byte % 16], '>'});
    types.push_back(6);
  }
  for (int i = 0; tokens.size() < 320; ++i) {
    tokens.push_back(std::string(static_cast<std::size_t>(1 + i / 26), static_cast<char>('a' + i % 26)));
    types.push_back(1);
  }
  kernels::gguf_writer words;
  words.set_text("tokenizer.ggml.model", "llama");
  words.set_texts("tokenizer.ggml.tokens", tokens);
  words.set_numbers("tokenizer.ggml.scores", std::vector<float>(tokens.size(), 0));
  words.set_integers("tokenizer.ggml.token_type", types);
  words.set_count("tokenizer.ggml.bos_token_id", 0);
  words.set_count("tokenizer.ggml.eos_token_id", 1);
  words.set_count("tokenizer.ggml.unknown_token_id", 2);
  return words;
}

struct home {
  home() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    BOOST_REQUIRE(vocabulary().write(in("words.gguf")).has_value());
    const auto words = kernels::gguf_file::open(in("words.gguf")).value();
    auto model = kernels::load_model(golden + "/model").value();
    model.shape.context = 4'096; // questions with schemas are long
    BOOST_REQUIRE(kernels::write_gguf_model(model, &words, {}, in("tiny.gguf")).has_value());
    write("troupe.yaml", "models: { file: models.yaml }\n");
    write("models.yaml",
          "providers:\n"
          "  tiny: { kind: native, path: tiny.gguf, priority: normal, precision: f32, adapters: { poet: " +
              golden +
              "/adapter } }\n"
              "segments:\n"
              "  default: { provider: tiny, model: tiny }\n"
              "  poet: { provider: tiny, model: tiny+poet }\n"
              "  sober: { provider: tiny, model: tiny, temperature: 0 }\n");
  }

  std::string in(const std::string& name) const { return folder + "/" + name; }
  void write(const std::string& name, const std::string& text) const { std::ofstream(in(name)) << text; }

  /// What a command prints; it has to end with 0.
  json run(const std::string& words) const {
    const auto line = "cd " + folder + " && " TROUPE_BINARY " " + words + " > out.json 2> err.txt";
    const auto code = std::system(line.c_str());
    std::ifstream problems(in("err.txt"));
    BOOST_TEST_REQUIRE(code == 0, words << ": " << std::string(std::istreambuf_iterator<char>(problems), {}));
    std::ifstream out(in("out.json"));
    return json::parse(out);
  }

  const std::string folder = std::string(TROUPE_BINARY_DIR) + "/run_native";
};

// Random words come to one of these letters soon.
constexpr auto stops = R"(["a", "b", "c", "d", "e", "f", "g", "h", "i", "k", "l", "m", "n", "o", "r", "s"])";

} // namespace

BOOST_FIXTURE_TEST_SUITE(native_model_runs, home)

BOOST_AUTO_TEST_CASE(two_agents_with_adapters_of_their_own_work_in_one_run) {
  write("duet.yaml",
        std::string("workflow: duet\nversion: 1\n"
                    "output: { base: \"${{ steps.both.base }}\", poet: \"${{ steps.both.poet }}\" }\n"
                    "steps:\n"
                    "  - id: both\n"
                    "    parallel:\n"
                    "      branches:\n"
                    "        base:\n"
                    "          - { id: say, agent: model, key: default, action: generate, with: { messages: "
                    "[{ role: user, content: hello }], stop: ") +
            stops +
            " } }\n"
            "        poet:\n"
            "          - { id: recite, agent: model, key: poet, action: generate, with: { messages: "
            "[{ role: user, content: hello }], stop: " +
            stops + " } }\n");
  const auto made = run("run duet.yaml -o json");
  BOOST_TEST(made.dump().find("\"finish\"") != std::string::npos, made.dump());
}

BOOST_AUTO_TEST_CASE(agents_in_files_answer_with_the_adapters_that_they_name) {
  std::filesystem::create_directories(in("agents"));
  for (const std::string who : {"plain", "poet"})
    write("agents/" + who + ".yaml",
          "agent: " + who +
              "\nversion: 1\nactions:\n  name:\n    predict:\n      instructions: Name it.\n      model: "
              "sober\n"
              "      input: { thing: { type: string } }\n"
              "      output: { word: { type: string, minLength: 30, maxLength: 30 } }\n" +
              (who == "plain" ? "" : "      adapter: poet\n"));
  write("names.yaml",
        "workflow: names\nversion: 1\n"
        "output: { plain: \"${{ steps.both.plain.word }}\", poet: \"${{ steps.both.poet.word }}\" }\n"
        "steps:\n"
        "  - id: both\n"
        "    parallel:\n"
        "      branches:\n"
        "        plain:\n"
        "          - { id: one, agent: plain, action: name, with: { thing: boat } }\n"
        "        poet:\n"
        "          - { id: two, agent: poet, action: name, with: { thing: boat } }\n");
  const auto made = run("run names.yaml -o json")["output"];
  BOOST_TEST(made["plain"].get<std::string>().size() >= 30u);
  BOOST_TEST(made["plain"] != made["poet"]);
}

BOOST_AUTO_TEST_CASE(the_example_workflows_run_beside_it) {
  const auto made =
      run("run " TROUPE_SOURCE_DIR "/examples/marketing/launch.yaml --input product=Troupe --input "
          "audience=engineers --input channels='[\"x\"]' -o json");
  BOOST_TEST(!made.is_null());
}

BOOST_AUTO_TEST_SUITE_END()
