#pragma once

#include "gateway/http/message.hpp"

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::gateway {

/// May answer later, on any thread. Exceptions are answered as a defect of ours.
using route_handler = std::function<void(http_request, responder)>;

enum class parameter_place : std::uint8_t { path, query, header };

struct route_parameter {
  std::string name;
  parameter_place place = parameter_place::query;
  std::string about;
  std::string schema = R"({"type":"string"})"; // JSON Schema as text
};

struct route_response {
  unsigned status = 200;
  std::string about;
  std::string schema; // a name in the table's schemas; empty: no JSON body
  std::string content_type = "application/json";
};

/// One row of the one table: it dispatches, and it is what /openapi.json says.
struct route {
  http_method method = http_method::get;
  std::string path; // "/v1/agents/{kind}/{key}"
  std::string id;   // operationId
  std::string tag;
  std::string summary;
  std::vector<route_parameter> parameters;
  std::string request_schema; // a name in the table's schemas; empty: no body is taken
  std::vector<route_response> responses;
  route_handler handler;
};

struct route_match {
  const route* found = nullptr;     // null: see `allowed`
  named_values params;              // of the path template
  std::vector<http_method> allowed; // methods of this path; empty: no such path
};

class route_table {
public:
  /// The same method and template twice is a defect. Pointers to rows stay valid.
  void add(route row);
  /// Names a JSON Schema (as text) for the routes' bodies.
  void add_schema(std::string name, std::string schema);

  /// HEAD finds what GET would. A literal segment wins over a parameter.
  route_match match(http_method method, const std::vector<std::string>& segments) const;

  struct named_schema {
    std::string name;
    std::string text;
  };
  const std::vector<named_schema>& schemas() const noexcept { return schemas_; }
  template<class Visitor>
  void each(Visitor&& visit) const {
    for (const auto& row : rows_)
      visit(row.declared);
  }

private:
  struct segment {
    std::string text;
    bool parameter = false;
  };
  struct compiled {
    route declared;
    std::vector<segment> segments;
  };

  static std::vector<segment> compile(std::string_view path);
  static bool fits(const compiled& row, const std::vector<std::string>& segments) noexcept;
  static bool more_literal(const compiled& a, const compiled& b) noexcept;

  std::deque<compiled> rows_; // stable addresses
  std::vector<named_schema> schemas_;
};

} // namespace troupe::gateway
