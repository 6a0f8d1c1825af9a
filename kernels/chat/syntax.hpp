#pragma once

#include "kernels/chat/value.hpp"

namespace troupe::kernels::chat {

struct expression;
using expression_ptr = std::unique_ptr<expression>;

struct named_expression {
  std::string name;
  expression_ptr what;
};

/// How a function, filter or test is called.
struct call_syntax {
  std::vector<expression_ptr> positional;
  std::vector<named_expression> named;
  expression_ptr spread;       // *rest
  expression_ptr named_spread; // **rest
};

struct expression {
  enum class kind : unsigned char {
    constant,
    name,
    list,
    tuple,
    dict,      // children: key, value, key, value …
    attribute, // children[0].text
    item,      // children[0][children[1]]
    slice,     // children[0][a:b:c]; absent bounds are null
    call,      // children[0](…)
    filter,    // children[0] | text(…); null where the text of a block comes in
    test,      // children[0] is text(…)
    choice,    // children[1] if children[0] else children[2], which may be null
    both,
    either,
    negation,
    compare, // children with `operators` between them
    join,    // ~
    arithmetic,
    minus,
    plus
  };

  kind what = kind::constant;
  std::size_t line = 0;
  std::size_t depth = 1;
  std::string text; // a name, or an operator
  value constant;
  std::vector<expression_ptr> children;
  std::vector<std::string> operators;
  call_syntax call;
};

struct statement;
using statement_list = std::vector<std::unique_ptr<statement>>;

struct parameter {
  std::string name;
  expression_ptr otherwise; // may be null
};

struct branch {
  expression_ptr when; // null: else
  statement_list body;
};

struct statement {
  enum class kind : unsigned char {
    text,
    print,     // expressions
    branches,  // if, elif, else
    loop,      // target in expressions[0] if expressions[1]
    set,       // target = expressions[0]
    set_block, // target = body through the filter expressions[0], which may be null
    macro,
    call_block, // expressions[0] is a call; the body is its caller
    filter_block,
    with,
    scoped, // a body in a scope of its own
    leave,
    proceed,
    unavailable // a tag that needs other templates
  };

  kind what = kind::text;
  std::size_t line = 0;
  std::string text; // literal text, or a name
  std::vector<expression_ptr> expressions;
  expression_ptr target;
  std::vector<expression_ptr> targets; // of with
  std::vector<branch> cases;
  std::vector<parameter> parameters;
  statement_list body;
  statement_list otherwise; // a loop's else
  bool recursive = false;
  bool uses_caller = false; // a macro's body speaks of caller, varargs or kwargs
  bool uses_rest = false;
  bool uses_named = false;
};

/// A template, parsed.
struct program {
  statement_list body;
};

} // namespace troupe::kernels::chat
