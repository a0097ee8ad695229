// SPDX-License-Identifier: Apache-2.0
// A log-linear histogram of nanoseconds: 128 sub-buckets for each power of two, so an error of at
// most 0.8 %. Recording never allocates; two histograms merge by adding. It must not do output.
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

enum { histogram_sub_bits = 7, histogram_powers = 42 };
enum { histogram_buckets = histogram_powers << histogram_sub_bits };

struct histogram {
  uint64_t count;
  uint64_t largest;
  uint64_t buckets[histogram_buckets];
};

static inline unsigned histogram_index(uint64_t value) {
  if (value < 1u << histogram_sub_bits) return (unsigned)value;
  unsigned power = 63 - (unsigned)__builtin_clzll(value) - histogram_sub_bits;
  unsigned index = (power + 1) << histogram_sub_bits;
  index += (unsigned)(value >> power) - (1u << histogram_sub_bits);
  return index < histogram_buckets ? index : histogram_buckets - 1;
}

/// The middle of a bucket, in nanoseconds.
static inline uint64_t histogram_value(unsigned index) {
  if (index < 1u << histogram_sub_bits) return index;
  unsigned power = (index >> histogram_sub_bits) - 1;
  uint64_t mantissa = (index & ((1u << histogram_sub_bits) - 1)) + (1u << histogram_sub_bits);
  return (mantissa << power) + ((1ull << power) >> 1);
}

static inline void histogram_record(struct histogram *histogram, uint64_t value) {
  histogram->count += 1;
  if (value > histogram->largest) histogram->largest = value;
  histogram->buckets[histogram_index(value)] += 1;
}

static inline void histogram_add(struct histogram *into, const struct histogram *from) {
  into->count += from->count;
  if (from->largest > into->largest) into->largest = from->largest;
  for (unsigned i = 0; i < histogram_buckets; i += 1) into->buckets[i] += from->buckets[i];
}

/// The value in microseconds that `share` (0 to 1) of all recorded values do not exceed.
static inline double histogram_microseconds(const struct histogram *histogram, double share) {
  if (histogram->count == 0) return 0;
  uint64_t wanted = (uint64_t)(share * (double)histogram->count);
  if (wanted >= histogram->count) wanted = histogram->count - 1;
  uint64_t seen = 0;
  for (unsigned i = 0; i < histogram_buckets; i += 1) {
    seen += histogram->buckets[i];
    if (seen > wanted) {
      uint64_t value = histogram_value(i);
      return (double)(value < histogram->largest ? value : histogram->largest) / 1e3;
    }
  }
  return (double)histogram->largest / 1e3;
}

#endif
