#pragma once

#include <list>
#include <string>
#include <vector>

#include "wire/message.h"

namespace pushbench::clients {

/// The drafts of a client whose acknowledgement is their echo: from their publishing until they
/// come back as messages, in order.
class DraftsUnderWay {
 public:
  struct Kept {
    std::string from;
    std::string id;
    std::string text;   // what a connection carries
    bool sent = false;  // on some connection
  };

  Kept& add(const wire::Draft& draft, std::string text);
  void on_received(const wire::Message& message);  // takes out the draft that it echoes
  void drop_sent();
  std::vector<std::string> ids() const;

  auto begin() { return drafts_.begin(); }
  auto end() { return drafts_.end(); }

 private:
  std::list<Kept> drafts_;  // mostly none: an empty deque takes half a kibibyte of every user
};

}  // namespace pushbench::clients
