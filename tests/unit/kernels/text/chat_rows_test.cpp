// Whole templates: the public rows, and rows of our own that Jinja itself has answered.
#include "kernels/chat/chat_template.hpp"
#include "kernels/chat/json.hpp"
#include "tests/unit/kernels/text/shared_data.hpp"

namespace troupe::kernels::chat {
namespace {

using namespace testing;

std::tm a_friday_in_july() {
  std::tm now{};
  now.tm_year = 124;
  now.tm_mon = 6;
  now.tm_mday = 26;
  now.tm_hour = 13;
  now.tm_wday = 5;
  now.tm_yday = 207;
  return now;
}

/// The text, or "error".
std::string rendered(const std::string& source, const value& variables) {
  const auto now = a_friday_in_july();
  const auto parsed = chat_template::parse(source);
  if (!parsed)
    return "error";
  return parsed->render(variables, &now).value_or("error");
}

value variables_of(const nlohmann::ordered_json& row) { return read_json(row.dump()).value(); }

struct has_rows {
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    return shared_data_present("templates/chat.jsonl");
  }
};

BOOST_AUTO_TEST_SUITE(chat_rows)

BOOST_AUTO_TEST_CASE(public_rows, *boost::unit_test::precondition(has_rows{})) {
  for (const auto& row : read_rows(shared_data("templates/chat.jsonl")))
    BOOST_TEST(rendered(row.at("template"), variables_of(row)) == row.value("rendered", "error"), row.dump());
}

BOOST_AUTO_TEST_CASE(rows_that_jinja_answered) {
  const auto rows =
      read_rows(std::filesystem::path(TROUPE_SOURCE_DIR) / "tests/unit/kernels/text/templates.jsonl");
  const auto variables = variables_of(rows.at(0).at("variables"));
  BOOST_TEST(rows.size() > 150u);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto source = rows[i].at("template").get<std::string>();
    BOOST_TEST(rendered(source, variables) == rows[i].value("text", "error"), source);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::kernels::chat
