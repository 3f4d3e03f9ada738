#include "choose.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "model.h"

namespace havoc {

namespace {

constexpr float NEVER = -1e30f;

struct Scored {
  int id;
  float score;
};

// Allowed logits, padded to whole vectors with what is never taken.
std::vector<float> allowed(const Choice& c) {
  std::vector<float> x(size_t(c.vocab + 15) / 16 * 16, NEVER);
  std::copy_n(c.logits, c.vocab, x.begin());
  if (c.mask)
    for (int i = 0; i < c.vocab; i++)
      if (!(c.mask[i / 32] >> (i % 32) & 1)) x[i] = NEVER;
  return x;
}

void penalise(const Choice& c, std::vector<float>& x) {
  std::vector<bool> done(c.vocab, false);
  for (int i = 0; i < c.seen_count; i++) {
    const int id = c.seen[i];
    if (id < 0 || id >= c.vocab || done[id]) continue;
    done[id] = true;
    if (x[id] != NEVER) x[id] = x[id] < 0 ? x[id] * c.penalty : x[id] / c.penalty;
  }
}

double weigh(std::vector<Scored>& kept, std::vector<double>& weights) {
  float most = NEVER;
  for (auto& s : kept) most = std::max(most, s.score);
  double total = 0;
  weights.clear();
  for (auto& s : kept) total += weights.emplace_back(std::exp(double(s.score) - most));
  return total;
}

void keep_top_k(std::vector<Scored>& kept, int k) {
  if (k <= 0 || size_t(k) >= kept.size()) return;
  std::vector<float> scores;
  for (auto& s : kept) scores.push_back(s.score);
  std::nth_element(scores.begin(), scores.begin() + (k - 1), scores.end(), std::greater<float>());
  const float smallest = scores[k - 1];
  kept.erase(std::remove_if(kept.begin(), kept.end(), [&](auto& s) { return s.score < smallest; }), kept.end());
}

void keep_top_p(std::vector<Scored>& kept, float p) {
  if (p >= 1.0f) return;
  std::stable_sort(kept.begin(), kept.end(), [](auto& a, auto& b) { return a.score < b.score; });
  std::vector<double> weights;
  const double total = weigh(kept, weights);
  double passed = 0;
  size_t drop = 0;
  for (; drop + 1 < kept.size(); drop++) {
    passed += weights[drop] / total;
    if (passed > 1.0 - double(p)) break;
  }
  kept.erase(kept.begin(), kept.begin() + drop);
}

void keep_min_p(std::vector<Scored>& kept, float share) {
  if (share <= 0.0f) return;
  std::vector<double> weights;
  weigh(kept, weights);  // the largest weighs 1
  size_t n = 0;
  for (size_t i = 0; i < kept.size(); i++)
    if (weights[i] >= share) kept[n++] = kept[i];
  kept.resize(n);
}

int draw(std::vector<Scored>& kept, double uniform) {
  std::sort(kept.begin(), kept.end(), [](auto& a, auto& b) { return a.id < b.id; });
  std::vector<double> weights;
  const double wanted = uniform * weigh(kept, weights);
  double passed = 0;
  for (size_t i = 0; i < kept.size(); i++)
    if ((passed += weights[i]) > wanted) return kept[i].id;
  return kept.back().id;
}

void report_top(const Choice& c, const std::vector<float>& x, float total) {
  std::vector<int> order;
  for (int i = 0; i < c.vocab; i++)
    if (x[i] != NEVER) order.push_back(i);
  const int n = std::min<int>(c.top_count, int(order.size()));
  std::partial_sort(order.begin(), order.begin() + n, order.end(),
                    [&](int a, int b) { return x[a] != x[b] ? x[a] > x[b] : a < b; });
  for (int i = 0; i < c.top_count; i++) {
    c.top_ids[i] = i < n ? order[i] : -1;
    c.top_logprobs[i] = i < n ? x[order[i]] - total : NEVER;
  }
}

}  // namespace

void choose(Choice& c) {
  const Kernels& k = kernels_for(0);
  std::vector<float> x = allowed(c);
  const int padded = int(x.size()), best = k.largest(x.data(), padded);
  c.token = -1;
  c.logprob = NEVER;
  if (x[best] == NEVER) return;
  const float total = k.log_sum_exp(x.data(), padded, x[best]);
  if (c.top_count > 0) report_top(c, x, total);
  c.token = best;
  const bool penalised = c.penalty != 1.0f && c.seen_count > 0;
  if (c.greedy && !penalised) {
    c.logprob = x[best] - total;
    return;
  }
  std::vector<float> scores = x;
  if (penalised) penalise(c, scores);
  if (c.greedy) {
    c.token = k.largest(scores.data(), padded);
  } else {
    std::vector<Scored> kept;
    kept.reserve(c.vocab);
    for (int i = 0; i < c.vocab; i++)
      if (scores[i] != NEVER) kept.push_back({i, scores[i] / c.temperature});
    keep_top_k(kept, c.top_k);
    keep_top_p(kept, c.top_p);
    keep_min_p(kept, c.min_p);
    c.token = draw(kept, c.uniform);
  }
  c.logprob = x[c.token] - total;
}

}  // namespace havoc
