#include "harness/server_build.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace pushbench::harness {
namespace {

namespace fs = std::filesystem;

/// A server's version, in one text; "|" of none.
std::string text_of(const BuildInfo& build) { return build.version + "|" + build.commit; }

class ServerBuild : public testing::Test {
 protected:
  ServerBuild() {
    std::string name = (fs::temp_directory_path() / "pushbench-build-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ServerBuild() override { fs::remove_all(folder_); }

  std::string of_script(const std::string& body) const {
    const fs::path file = folder_ / "server";
    std::ofstream(file) << "#!/bin/sh\n" << body << "\n";
    fs::permissions(file, fs::perms::owner_all);
    return text_of(build_of(file.string()));
  }

 private:
  fs::path folder_;
};

TEST_F(ServerBuild, IsWhatTheProgramSaysOfItself) {
  EXPECT_EQ(of_script("test \"$*\" = --version && echo 'pushbench 0.1.0 (9e7f204-dirty)'"),
            "0.1.0|9e7f204-dirty");
}

TEST_F(ServerBuild, IsEmptyWhereItSaysNothingOfTheKind) {
  EXPECT_EQ(of_script("exit 3"), "|");
  testing::internal::CaptureStderr();
  EXPECT_EQ(of_script("echo 'what is --version?' >&2; exit 2"), "|");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(of_script("echo listening on http://127.0.0.1:1; exec sleep 1000"), "|");
  EXPECT_EQ(text_of(build_of("/nowhere/to/be/found")), "|");
}

TEST_F(ServerBuild, IsTakenFromItsLineOnly) {
  EXPECT_EQ(text_of(parse_build("pushbench 0.1.0 (unknown)")), "0.1.0|unknown");
  for (const char* line :
       {"", "pushbench", "pushbench 0.1.0", "pushbench 0.1.0 (abc", "benchpush 0.1.0 (abc)"}) {
    EXPECT_EQ(text_of(parse_build(line)), "|") << line;
  }
}

}  // namespace
}  // namespace pushbench::harness
