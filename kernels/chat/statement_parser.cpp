#include "kernels/chat/statement_parser.hpp"

#include "kernels/chat/expression_parser.hpp"

namespace troupe::kernels::chat {

namespace {

using kind = statement::kind;
using statement_ptr = std::unique_ptr<statement>;
using name_list = std::initializer_list<std::string_view>;

class parser {
public:
  explicit parser(std::string_view source)
      : in_(tokenize_template(source))
      , expressions_(in_) {}

  program run() { return {body({})}; }

private:
  statement_ptr made(kind what) {
    auto one = std::make_unique<statement>();
    one->what = what;
    one->line = in_.now().line;
    return one;
  }

  /// Up to a tag that begins with one of `ends`; the stream then stands at that name.
  statement_list body(name_list ends) {
    statement_list all;
    while (!in_.is(token_type::end)) {
      if (in_.is(token_type::data)) {
        all.push_back(made(kind::text));
        all.back()->text = in_.take().text;
      } else if (in_.is(token_type::print_begin)) {
        in_.take();
        all.push_back(made(kind::print));
        all.back()->expressions.push_back(expressions_.tuple());
        in_.expect(token_type::print_end, "the end of the tag");
      } else {
        in_.take(); // the beginning of a block
        if (in_.is_name(ends))
          return all;
        all.push_back(one());
        in_.expect(token_type::block_end, "the end of the tag");
      }
    }
    if (ends.size() > 0)
      in_.broken("the template ends before \"" + std::string(*(ends.end() - 1)) + "\"");
    return all;
  }

  /// The body behind a tag; its end's name is taken.
  statement_list enclosed(std::string_view end) {
    in_.expect(token_type::block_end, "the end of the tag");
    auto inside = body({end});
    in_.take();
    return inside;
  }

  /// A body in which, unlike in an if's, filters must exist.
  statement_list strict(std::string_view end) {
    const bool was_lenient = std::exchange(expressions_.lenient, false);
    auto inside = enclosed(end);
    expressions_.lenient = was_lenient;
    return inside;
  }

  statement_ptr one() {
    if (++depth_ > statement_depth_max)
      in_.broken("statements are nested too deeply");
    auto parsed = tag(in_.expect_name());
    --depth_;
    return parsed;
  }

  statement_ptr tag(const std::string& name) {
    if (name == "if")
      return branches();
    if (name == "for")
      return loop();
    if (name == "set")
      return set();
    if (name == "macro")
      return macro();
    if (name == "call")
      return call_block();
    if (name == "filter")
      return filter_block();
    if (name == "with")
      return with();
    if (name == "break")
      return made(kind::leave);
    if (name == "continue")
      return made(kind::proceed);
    return rare_tag(name);
  }

  statement_ptr rare_tag(const std::string& name) {
    if (name == "generation")
      return scoped("endgeneration");
    if (name == "print")
      return print();
    if (name == "block")
      return block();
    if (name == "autoescape")
      return autoescape();
    if (name == "extends" || name == "include" || name == "import" || name == "from")
      return unavailable(name);
    in_.broken("Encountered unknown tag '" + name + "'");
  }

  statement_ptr branches() {
    auto all = made(kind::branches);
    const bool was_lenient = std::exchange(expressions_.lenient, true);
    for (;;) {
      branch next;
      next.when = expressions_.tuple(false);
      in_.expect(token_type::block_end, "the end of the tag");
      next.body = body({"elif", "else", "endif"});
      all->cases.push_back(std::move(next));
      const auto end = in_.take().text;
      if (end == "elif")
        continue;
      if (end == "else")
        all->cases.push_back({nullptr, enclosed("endif")});
      break;
    }
    expressions_.lenient = was_lenient;
    return all;
  }

  statement_ptr loop() {
    auto one = made(kind::loop);
    one->target = expressions_.target(false, "in");
    if (!in_.skip_name("in"))
      in_.broken("expected \"in\"");
    one->expressions.push_back(expressions_.tuple(false, "recursive"));
    const bool was_lenient = std::exchange(expressions_.lenient, false);
    one->expressions.push_back(in_.skip_name("if") ? expressions_.whole() : nullptr);
    one->recursive = in_.skip_name("recursive");
    in_.expect(token_type::block_end, "the end of the tag");
    one->body = body({"else", "endfor"});
    if (in_.take().text == "else")
      one->otherwise = enclosed("endfor");
    expressions_.lenient = was_lenient;
    return one;
  }

  statement_ptr set() {
    auto one = made(kind::set);
    one->target = expressions_.target(true);
    if (in_.skip_symbol("=")) {
      one->expressions.push_back(expressions_.tuple());
      return one;
    }
    one->what = kind::set_block;
    one->expressions.push_back(in_.is_symbol("|") ? expressions_.filters(nullptr, false) : nullptr);
    one->body = strict("endset");
    return one;
  }

  std::vector<parameter> parameters() {
    std::vector<parameter> all;
    in_.expect_symbol("(");
    while (!in_.is_symbol(")")) {
      if (!all.empty())
        in_.expect_symbol(",");
      parameter next{in_.expect_name(), nullptr};
      if (in_.skip_symbol("="))
        next.otherwise = expressions_.whole();
      else if (!all.empty() && all.back().otherwise)
        in_.broken("non-default argument follows default argument");
      all.push_back(std::move(next));
    }
    in_.expect_symbol(")");
    return all;
  }

  statement_ptr macro() {
    auto one = made(kind::macro);
    one->text = in_.expect_name();
    one->parameters = parameters();
    macro_body(*one, "endmacro");
    return one;
  }

  void macro_body(statement& one, std::string_view end) {
    auto outside = std::exchange(expressions_.names, {});
    one.body = strict(end);
    one.uses_caller = expressions_.names.contains("caller");
    one.uses_rest = expressions_.names.contains("varargs");
    one.uses_named = expressions_.names.contains("kwargs");
    expressions_.names.merge(outside);
  }

  statement_ptr call_block() {
    auto one = made(kind::call_block);
    if (in_.is_symbol("("))
      one->parameters = parameters();
    one->expressions.push_back(expressions_.whole());
    if (one->expressions.front()->what != expression::kind::call)
      in_.broken("expected call");
    macro_body(*one, "endcall");
    return one;
  }

  statement_ptr filter_block() {
    auto one = made(kind::filter_block);
    one->expressions.push_back(expressions_.filters(nullptr, true));
    one->body = strict("endfilter");
    return one;
  }

  statement_ptr with() {
    auto one = made(kind::with);
    while (!in_.is(token_type::block_end)) {
      if (!one->targets.empty())
        in_.expect_symbol(",");
      one->targets.push_back(expressions_.one_target());
      in_.expect_symbol("=");
      one->expressions.push_back(expressions_.whole());
    }
    one->body = strict("endwith");
    return one;
  }

  statement_ptr scoped(std::string_view end) {
    auto one = made(kind::scoped);
    one->body = strict(end);
    return one;
  }

  statement_ptr print() {
    auto one = made(kind::print);
    do
      one->expressions.push_back(expressions_.whole());
    while (in_.skip_symbol(","));
    return one;
  }

  statement_ptr block() {
    const auto name = in_.expect_name();
    in_.skip_name("scoped");
    in_.skip_name("required");
    auto one = scoped("endblock");
    if (in_.is(token_type::name) && in_.take().text != name)
      in_.broken("another block ends here than began");
    return one;
  }

  statement_ptr autoescape() {
    const auto how = expressions_.whole();
    if (how->what != expression::kind::constant || !how->constant.is_boolean() || how->constant.boolean())
      in_.broken("only \"autoescape false\" is one of ours");
    return scoped("endautoescape");
  }

  statement_ptr unavailable(const std::string& name) {
    auto one = made(kind::unavailable);
    one->text = name;
    while (!in_.is(token_type::block_end) && !in_.is(token_type::end))
      in_.take();
    return one;
  }

  token_stream in_;
  expression_parser expressions_;
  std::size_t depth_ = 0;
};

} // namespace

program parse_template(std::string_view source) { return parser(source).run(); }

} // namespace troupe::kernels::chat
