#include "net/write_queue.h"

#include <string>
#include <utility>

namespace pushbench::net {

void WriteQueue::push(Bytes bytes) {
  bytes_ += bytes->size();
  if (first_ == nullptr) {
    first_ = std::move(bytes);
    return;
  }
  if (more_ == nullptr) more_ = std::make_unique<std::vector<Bytes>>();
  more_->push_back(std::move(bytes));
}

void WriteQueue::clear() {
  first_.reset();
  more_.reset();
  bytes_ = 0;
}

void WriteQueue::gather(std::vector<uv_buf_t>& buffers) const {
  buffers.assign(1, buffer_of(*first_));
  if (more_ == nullptr) return;
  for (const Bytes& piece : *more_) buffers.push_back(buffer_of(*piece));
}

void WriteQueue::copy(std::vector<Bytes>& pieces, std::size_t skip, std::size_t enough) const {
  pieces.assign(1, first_);
  std::size_t bytes = first_->size() - skip;
  for (std::size_t i = 0; more_ != nullptr && i < more_->size() && bytes < enough; ++i) {
    bytes += pieces.emplace_back((*more_)[i])->size();
  }
}

void WriteQueue::drop(std::size_t bytes, std::size_t& skip) {
  bytes_ -= bytes;
  skip += bytes;
  if (first_ == nullptr || skip < first_->size()) return;
  skip -= first_->size();
  first_.reset();
  if (more_ == nullptr) return;
  auto next = more_->begin();
  while (next != more_->end() && skip >= (*next)->size()) skip -= (*next++)->size();
  if (next != more_->end()) first_ = std::move(*next++);
  more_->erase(more_->begin(), next);
  if (more_->empty()) more_.reset();
}

std::vector<Bytes> WriteQueue::take() {
  std::vector<Bytes> pieces;
  if (more_ != nullptr) pieces = std::move(*more_);
  pieces.insert(pieces.begin(), std::move(first_));
  clear();
  return pieces;
}

uv_buf_t buffer_of(const std::string& bytes) {
  return uv_buf_init(const_cast<char*>(bytes.data()), static_cast<unsigned>(bytes.size()));
}

void trim(std::vector<uv_buf_t>& buffers, std::size_t bytes) {
  auto first = buffers.begin();
  while (first != buffers.end() && bytes >= first->len) bytes -= (first++)->len;
  buffers.erase(buffers.begin(), first);
  if (bytes == 0) return;
  buffers.front().base += bytes;
  buffers.front().len -= bytes;
}

}  // namespace pushbench::net
