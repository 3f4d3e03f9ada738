// Keys and values in pages of 16 tokens that sequences share until one of them writes.
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <unordered_map>
#include <vector>

#include "kernels.h"

namespace havoc {

struct Sequence {
  std::vector<int> pages;
  int length = 0;
};

// A page holds, for each layer and key/value head, keys [head_dim][16] and values [16][padded].
class PageCache {
 public:
  PageCache(int layers, int kv_heads, int head_dim)
      : padded((head_dim + 15) / 16 * 16),
        head_floats(size_t(BLOCK) * (head_dim + padded)),
        page_floats(head_floats * kv_heads * layers) {}

  const int padded;
  const size_t head_floats, page_floats;

  int open() {
    const int id = next_++;
    sequences_[id];
    return id;
  }

  Sequence* find(int id) {
    auto at = sequences_.find(id);
    return at == sequences_.end() ? nullptr : &at->second;
  }

  // A new sequence that begins with the first `length` tokens of another.
  int fork(const Sequence& from, int length) {
    Sequence made;
    made.length = length;
    const int whole = length / BLOCK;
    made.pages.assign(from.pages.begin(), from.pages.begin() + whole);
    if (length % BLOCK) {
      const int page = take();
      std::memcpy(at(page), at(from.pages[whole]), page_floats * sizeof(float));
      made.pages.push_back(page);
    }
    for (int i = 0; i < whole; i++) users_[made.pages[i]]++;
    const int id = next_++;
    sequences_[id] = std::move(made);
    return id;
  }

  void close(int id) {
    auto found = sequences_.find(id);
    if (found == sequences_.end()) return;
    for (int page : found->second.pages) release(page);
    sequences_.erase(found);
  }

  // Forget all but the first `length` tokens.
  void cut(Sequence& s, int length) {
    const size_t kept = size_t(length + BLOCK - 1) / BLOCK;
    while (s.pages.size() > kept) {
      release(s.pages.back());
      s.pages.pop_back();
    }
    s.length = length;
    own_last(s);
  }

  // Room for `count` more tokens.
  void extend(Sequence& s, int count) {
    const size_t wanted = size_t(s.length + count + BLOCK - 1) / BLOCK;
    while (s.pages.size() < wanted) s.pages.push_back(take());
  }

  void reserve(int tokens) {
    while (int(free_.size()) * BLOCK < tokens) grow();
  }

  float* at(int page) const { return slabs_[page / SLAB].get() + (page % SLAB) * page_floats; }
  size_t bytes() const { return slabs_.size() * SLAB * page_floats * sizeof(float); }
  int pages_in_use() const { return int(users_.size() - free_.size()); }

 private:
  static constexpr int SLAB = 16;

  void own_last(Sequence& s) {
    if (s.length % BLOCK == 0 || users_[s.pages.back()] == 1) return;
    const int page = take();
    std::memcpy(at(page), at(s.pages.back()), page_floats * sizeof(float));
    release(s.pages.back());
    s.pages.back() = page;
  }

  int take() {
    if (free_.empty()) grow();
    const int page = free_.back();
    free_.pop_back();
    users_[page] = 1;
    return page;
  }

  void release(int page) {
    if (--users_[page] == 0) free_.push_back(page);
  }

  void grow() {
    const size_t size = (SLAB * page_floats * sizeof(float) + 63) / 64 * 64;
    auto* slab = static_cast<float*>(std::aligned_alloc(64, size));
    if (!slab) throw std::bad_alloc();
    std::memset(slab, 0, size);
    const int first = int(users_.size());
    slabs_.emplace_back(slab, &std::free);
    users_.resize(first + SLAB, 0);
    for (int i = SLAB; i-- > 0;) free_.push_back(first + i);
  }

  std::vector<std::unique_ptr<float, void (*)(void*)>> slabs_;
  std::vector<int> users_, free_;
  std::unordered_map<int, Sequence> sequences_;
  int next_ = 1;
};

}  // namespace havoc
