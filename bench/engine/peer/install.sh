#!/bin/sh
# Puts llama.cpp as npm ships it, and llama_peer linked to it, into a folder: install.sh FOLDER
# Needs npm, git and g++. Nothing of it becomes part of the project.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?where to}
version=3.22.1
mkdir -p "$folder"
cd "$folder"
if [ ! -d node_modules/node-llama-cpp ]; then
  npm install --no-save --ignore-scripts --no-audit --no-fund "node-llama-cpp@$version"
  find node_modules/@node-llama-cpp -mindepth 1 -maxdepth 1 ! -name linux-x64 -exec rm -rf {} + # other platforms
fi
libraries=$folder/node_modules/@node-llama-cpp/linux-x64/bins/linux-x64
if [ ! -f include/llama.h ]; then # the headers of the very version that the libraries are built from
  git clone --quiet --bare node_modules/node-llama-cpp/llama/gitRelease.bundle source.git
  mkdir -p include
  for header in include/llama.h ggml/include/ggml.h ggml/include/ggml-cpu.h ggml/include/ggml-backend.h \
    ggml/include/ggml-alloc.h ggml/include/ggml-opt.h ggml/include/gguf.h; do
    git -C source.git show "HEAD:$header" >"include/$(basename "$header")"
  done
  rm -rf source.git
fi
g++ -std=c++20 -O2 -x c++ "$here/llama_peer.cc" -x none -Iinclude -o llama_peer "$libraries"/libllama.v*.so \
  "$libraries"/libggml.v*.so "$libraries"/libggml-base.so "-Wl,-rpath,$libraries"
echo "$folder/llama_peer"
