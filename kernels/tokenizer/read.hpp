#pragma once

#include "kernels/files/gguf.hpp"
#include "kernels/tokenizer/tokenizer.hpp"

namespace troupe::kernels {

/// A tokenizer.json. `refused` names the kind of model or step that is beyond us.
result<tokenizer> read_tokenizer_json(std::string_view text);

/// The same, and what the model's tokenizer_config.json says about BOS and EOS.
result<tokenizer> read_tokenizer_json(std::string_view text, std::string_view config);

/// A tokenizer.model of SentencePiece.
result<tokenizer> read_sentencepiece(std::span<const std::byte> bytes);

/// What a GGUF file holds under tokenizer.ggml.
result<tokenizer> read_gguf_tokenizer(const gguf_file& file);

/// A GGUF, a folder with tokenizer.json or tokenizer.model, or one of those files. Errors name the file.
result<tokenizer> open_tokenizer(const std::string& path);

/// Published tokenizer.json files have up to some 40 MB.
inline constexpr std::size_t tokenizer_file_max = 256 * 1024 * 1024;

} // namespace troupe::kernels
