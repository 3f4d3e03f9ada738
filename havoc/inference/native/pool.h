// A few threads that share the chunks of one job after another.
//
// Chunks are claimed, not dealt out: when a neighbour takes a core, the threads that still run take
// over the work. Between jobs a helper spins for some tens of microseconds, long enough for the gap
// between two layers, and then sleeps until it is called.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace havoc {

class Pool {
 public:
  explicit Pool(int threads) {
    for (int i = 1; i < threads; i++) helpers_.emplace_back([this, i] { help(i); });
  }
  ~Pool() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (auto& t : helpers_) t.join();
  }
  int threads() const { return int(helpers_.size()) + 1; }

  // Calls work(chunk, thread) once for every chunk below `chunks`; returns when all are done.
  template <class Work>
  void run(int chunks, const Work& work) {
    if (helpers_.empty() || chunks < 2) {
      for (int i = 0; i < chunks; i++) work(i, 0);
      return;
    }
    context_.store(&work, std::memory_order_relaxed);
    call_.store(+[](const void* w, int chunk, int thread) {
      (*static_cast<const Work*>(w))(chunk, thread);
    }, std::memory_order_relaxed);
    finished_.store(0, std::memory_order_relaxed);
    const uint64_t epoch = (++epoch_) & 0xffffffff;
    ticket_.store(epoch << 32 | uint64_t(chunks) << 16);
    if (sleepers_.load()) {
      std::lock_guard<std::mutex> lock(mutex_);
      wake_.notify_all();
    }
    share(uint32_t(epoch), 0);
    for (int spins = 0; finished_.load(std::memory_order_acquire) != chunks; spins++)
      if (spins < 2000) rest();
      else std::this_thread::yield();
  }

 private:
  using Call = void (*)(const void*, int, int);

  static void rest() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  // A claim names its job: epoch, number of chunks and next chunk are one atomic word, so a thread
  // that comes late cannot take a chunk of the job after. The caller waits for every claimed chunk,
  // so call_ and context_ hold still between a claim and its end.
  void share(uint32_t epoch, int thread) {
    uint64_t ticket = ticket_.load();
    while (uint32_t(ticket >> 32) == epoch) {
      const int chunk = int(ticket & 0xffff), chunks = int(ticket >> 16 & 0xffff);
      if (chunk >= chunks) return;
      if (!ticket_.compare_exchange_weak(ticket, ticket + 1)) continue;
      call_.load(std::memory_order_relaxed)(context_.load(std::memory_order_relaxed), chunk, thread);
      finished_.fetch_add(1, std::memory_order_release);
      ticket = ticket_.load();
    }
  }

  void help(int thread) {
    uint32_t seen = 0;
    for (;;) {
      int spins = 0;
      while (uint32_t(ticket_.load() >> 32) == seen) {
        if (++spins < 1000) {
          rest();
          continue;
        }
        std::unique_lock<std::mutex> lock(mutex_);
        sleepers_.fetch_add(1);
        wake_.wait(lock, [&] { return stop_ || uint32_t(ticket_.load() >> 32) != seen; });
        sleepers_.fetch_sub(1);
        if (stop_) return;
      }
      seen = uint32_t(ticket_.load() >> 32);
      share(seen, thread);
    }
  }

  std::vector<std::thread> helpers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  uint64_t epoch_ = 0;
  std::atomic<int> sleepers_{0};
  alignas(64) std::atomic<uint64_t> ticket_{0};
  alignas(64) std::atomic<int> finished_{0};
  std::atomic<Call> call_{nullptr};
  std::atomic<const void*> context_{nullptr};
};

}  // namespace havoc
