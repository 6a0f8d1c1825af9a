#include "kernels/train/product.hpp"

#include "kernels/base/result.hpp"

#include <algorithm>
#include <cblas.h>

namespace troupe::kernels::train {

namespace {

/// What a thread gets is at least so many operations, or waking it costs more than it saves.
constexpr std::size_t worth_sharing = 1u << 18;

void library(CBLAS_TRANSPOSE at, CBLAS_TRANSPOSE bt, int m, int n, int k, float factor, block<const float> a,
             block<const float> b, float keep, block<float> c) {
  cblas_sgemm(CblasRowMajor, at, bt, m, n, k, factor, a.at, static_cast<int>(a.stride), b.at,
              static_cast<int>(b.stride), keep, c.at, static_cast<int>(c.stride));
}

void library(CBLAS_TRANSPOSE at, CBLAS_TRANSPOSE bt, int m, int n, int k, double factor,
             block<const double> a, block<const double> b, double keep, block<double> c) {
  cblas_dgemm(CblasRowMajor, at, bt, m, n, k, factor, a.at, static_cast<int>(a.stride), b.at,
              static_cast<int>(b.stride), keep, c.at, static_cast<int>(c.stride));
}

CBLAS_TRANSPOSE order(turned t) { return t == turned::yes ? CblasTrans : CblasNoTrans; }

/// The factors of some rows, or some columns, of a product.
template<class Real>
block<const Real> band(block<const Real> of, bool along_rows, std::size_t begin, std::size_t count) {
  return along_rows ? of.part(begin, count, 0, of.columns) : of.part(0, of.rows, begin, count);
}

template<class Real>
void shared(thread_team* team, Real factor, block<const Real> a, turned at, block<const Real> b, turned bt,
            Real keep, block<Real> c) {
  const auto inner = at == turned::yes ? a.rows : a.columns;
  ensure((at == turned::yes ? a.columns : a.rows) == c.rows &&
             (bt == turned::yes ? b.rows : b.columns) == c.columns &&
             (bt == turned::yes ? b.columns : b.rows) == inner,
         "factors and product fit each other");
  if (c.rows == 0 || c.columns == 0)
    return;
  const bool by_rows = c.rows >= c.columns;
  const auto length = by_rows ? c.rows : c.columns;
  const auto most = std::max<std::size_t>(1, c.rows * c.columns * inner / worth_sharing);
  const auto parts = team ? std::min({team->threads(), most, length}) : 1;
  const auto work = [&](std::size_t part) {
    const auto begin = length * part / parts, count = length * (part + 1) / parts - begin;
    const auto own_a = by_rows ? band(a, at == turned::no, begin, count) : a;
    const auto own_b = by_rows ? b : band(b, bt == turned::yes, begin, count);
    const auto own_c = by_rows ? c.part(begin, count, 0, c.columns) : c.part(0, c.rows, begin, count);
    library(order(at), order(bt), static_cast<int>(own_c.rows), static_cast<int>(own_c.columns),
            static_cast<int>(inner), factor, own_a, own_b, keep, own_c);
  };
  if (parts == 1)
    work(0);
  else
    team->share(parts, work);
}

} // namespace

void products::add(float factor, block<const float> a, turned at, block<const float> b, turned bt, float keep,
                   block<float> c) const {
  shared<float>(team_.get(), factor, a, at, b, bt, keep, c);
}

void products::add(double factor, block<const double> a, turned at, block<const double> b, turned bt,
                   double keep, block<double> c) const {
  shared<double>(team_.get(), factor, a, at, b, bt, keep, c);
}

} // namespace troupe::kernels::train
