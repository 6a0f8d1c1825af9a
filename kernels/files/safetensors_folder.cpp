#include "kernels/files/json_object.hpp"
#include "kernels/files/safetensors.hpp"

#include <filesystem>
#include <iterator>

namespace troupe::kernels {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t index_bytes_max =
    16u << 20;                            // a name and a file for each tensor: ten thousand take one megabyte
constexpr std::size_t shards_max = 1'024; // as many mappings; the largest published models have some 200

result<std::map<std::string, std::vector<std::string>>> tensors_by_shard(const std::string& index_path) {
  const auto index = json_object::open(index_path, index_bytes_max);
  if (!index)
    return fail(index);
  const auto names = index->object("weight_map");
  if (!names)
    return fail(names);
  std::map<std::string, std::vector<std::string>> shards;
  for (const auto& tensor : names->keys()) {
    const auto shard = names->text(tensor);
    if (!shard)
      return fail(shard);
    // An index that names files elsewhere could read anything on the machine.
    if (fs::path(*shard).filename() != *shard || !shard->ends_with(".safetensors"))
      return fail(fault::corrupt, names->name() + ": \"" + *shard + "\" is no shard of this folder");
    shards[*shard].push_back(tensor);
  }
  if (shards.size() > shards_max)
    return fail(fault::refused, index_path + " names " + std::to_string(shards.size()) + " shards; at most " +
                                    std::to_string(shards_max) + " are opened");
  return shards;
}

result<tensor_set> open_shards(const std::string& folder, const std::string& index_path) {
  const auto shards = tensors_by_shard(index_path);
  if (!shards)
    return fail(shards);
  tensor_set all{folder, {}, {}};
  for (const auto& [shard, names] : *shards) {
    auto set = open_safetensors((fs::path(folder) / shard).string());
    if (!set)
      return fail(set);
    for (const auto& name : names) {
      const auto found = set->tensors.find(name);
      if (found == set->tensors.end())
        return fail(fault::corrupt, set->name + " has no tensor " + name + ", though the index says so");
      all.tensors.insert(*found);
    }
    std::move(set->files.begin(), set->files.end(), std::back_inserter(all.files));
  }
  return all;
}

} // namespace

result<tensor_set> open_tensor_folder(const std::string& folder) {
  std::error_code ignored; // what is not there is said below
  const auto index = fs::path(folder) / "model.safetensors.index.json";
  if (fs::exists(index, ignored))
    return open_shards(folder, index.string());
  const auto whole = fs::path(folder) / "model.safetensors";
  if (fs::exists(whole, ignored)) {
    auto set = open_safetensors(whole.string());
    if (set)
      set->name = folder;
    return set;
  }
  if (fs::exists(fs::path(folder) / "pytorch_model.bin", ignored) ||
      fs::exists(fs::path(folder) / "pytorch_model.bin.index.json", ignored))
    return fail(fault::refused, folder + " has its weights as pickled Python, which can run code when read",
                "save it with save_pretrained(safe_serialization=True)");
  return fail(fault::not_found, folder + " has neither model.safetensors nor model.safetensors.index.json");
}

} // namespace troupe::kernels
