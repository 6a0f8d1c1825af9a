#include "kernels/chat/attributes.hpp"
#include "kernels/chat/failure.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/parameters.hpp"
#include "kernels/chat/python.hpp"

#include <algorithm>
#include <array>

namespace troupe::kernels::chat {

namespace {

value entry_of(machine&, const value& self, arguments args) {
  const parameters given("get", std::move(args), {"key", "default"});
  const auto* found = self.entries().find_key(given.at(0));
  return found != nullptr ? *found : given.value_or(1, {});
}

value keys(machine& with, const value& self, arguments args) {
  const parameters none("keys", std::move(args), {});
  value_list all;
  for (const auto& [key, what] : self.entries().entries())
    all.push_back(key);
  with.hold(all.size() * sizeof(value));
  return make_sequence(sequence_kind::keys, std::move(all));
}

value values(machine& with, const value& self, arguments args) {
  const parameters none("values", std::move(args), {});
  value_list all;
  for (const auto& [key, what] : self.entries().entries())
    all.push_back(what);
  with.hold(all.size() * sizeof(value));
  return make_sequence(sequence_kind::values, std::move(all));
}

value items(machine& with, const value& self, arguments args) {
  const parameters none("items", std::move(args), {});
  value_list all;
  for (const auto& [key, what] : self.entries().entries())
    all.push_back(make_tuple({key, what}));
  with.spend(all.size());
  with.hold(all.size() * 4 * sizeof(value));
  return make_sequence(sequence_kind::items, std::move(all));
}

value copy(machine&, const value& self, arguments args) {
  const parameters none("copy", std::move(args), {});
  return self; // nothing can be changed, so one is as good as two
}

value count(machine& with, const value& self, arguments args) {
  const parameters given("count", std::move(args), {"value"});
  with.spend(self.items().items.size());
  return std::ranges::count_if(self.items().items, [&](const value& one) { return equal(one, given.at(0)); });
}

value index(machine& with, const value& self, arguments args) {
  const parameters given("index", std::move(args), {"value"});
  with.spend(self.items().items.size());
  const auto& all = self.items().items;
  const auto found = std::ranges::find_if(all, [&](const value& one) { return equal(one, given.at(0)); });
  if (found == all.end())
    give_up(shown(given.at(0)) + " is not in list");
  return static_cast<std::int64_t>(found - all.begin());
}

value forbidden(machine&, const value& self, arguments) {
  give_up("the sandbox lets nobody change a " + type_name(self));
}

struct named_method {
  std::string_view name;
  builtin::body run;
};

constexpr std::array<named_method, 10> mapping_methods{{{"clear", forbidden},
                                                        {"copy", copy},
                                                        {"get", entry_of},
                                                        {"items", items},
                                                        {"keys", keys},
                                                        {"pop", forbidden},
                                                        {"popitem", forbidden},
                                                        {"setdefault", forbidden},
                                                        {"update", forbidden},
                                                        {"values", values}}};

constexpr std::array<named_method, 2> tuple_methods{{{"count", count}, {"index", index}}};
constexpr std::array<named_method, 9> list_methods{{{"append", forbidden},
                                                    {"clear", forbidden},
                                                    {"copy", copy},
                                                    {"extend", forbidden},
                                                    {"insert", forbidden},
                                                    {"pop", forbidden},
                                                    {"remove", forbidden},
                                                    {"reverse", forbidden},
                                                    {"sort", forbidden}}};

template<class Methods>
builtin::body found_in(const Methods& methods, std::string_view name) {
  const auto found = std::ranges::find(methods, name, &named_method::name);
  return found == methods.end() ? nullptr : found->run;
}

} // namespace

builtin::body mapping_method(std::string_view name) { return found_in(mapping_methods, name); }

builtin::body sequence_method(std::string_view name, bool list) {
  const auto shared = found_in(tuple_methods, name);
  return shared == nullptr && list ? found_in(list_methods, name) : shared;
}

bool is_forbidden(builtin::body method) { return method == forbidden; }

} // namespace troupe::kernels::chat
