#include "cli/lab_reveal.h"

#include "cli/command.h"
#include "cli/files.h"
#include "report/lab_check.h"
#include "report/lab_page.h"
#include "report/lab_reveal.h"

namespace pushbench::cli {

using report::LabPrediction;
using report::LabWord;

namespace {

const LabPrediction* pointer_to(const std::optional<LabPrediction>& prediction) {
  return prediction ? &*prediction : nullptr;
}

}  // namespace

int reveal_lab(const LabSession& session) {
  const auto prediction = read_prediction(session);
  if (!prediction) return complain("lab", prediction.error(), kBroke);
  const auto student = read_student(session);
  if (!student) return complain("lab", student.error(), kWrongUsage);
  if (!student->problems.empty()) return complain_of(session, student->problems);
  report::Reveal reveal =
      report::reveal_lab(session.lab, student->results, pointer_to(*prediction), session.language);
  reveal.sources = student->sources;
  // Before anything is shown: from then on a prediction is none.
  if (const auto kept = write_file(session.folder, kRevealPage, report::lab_page(reveal)); !kept) {
    return complain("lab", kept.error(), kBroke);
  }
  session.output.table(report::reveal_text(reveal));
  session.output.note("\n" + session.say(LabWord::page_kept, session.folder + "/" + kRevealPage));
  session.output.note(session.say(LabWord::next_explain, session.command("check")));
  return kGood;
}

int check_lab(const LabSession& session) {
  const auto prediction = read_prediction(session);
  if (!prediction) return complain("lab", prediction.error(), kBroke);
  const auto student = read_student(session);
  if (!student) return complain("lab", student.error(), kWrongUsage);
  if (!student->problems.empty()) return complain_of(session, student->problems);
  const report::MeasuredFigures figures(session.lab, student->results, pointer_to(*prediction));
  const auto lines = report::check_lab(session.lab, figures, session.language);
  const std::string text = report::check_text(lines, session.language);
  std::string kept_text;
  for (const std::string& line : student->sources) kept_text += line + "\n";
  kept_text += "\n" + text;
  // Its figures reveal as much as the picture does: they, too, end the time for predictions.
  if (const auto kept = write_file(session.folder, kCheckText, kept_text); !kept) {
    return complain("lab", kept.error(), kBroke);
  }
  for (const std::string& line : student->sources) session.output.note(line);
  session.output.table(text);
  session.output.note("\n" + session.say(LabWord::check_kept, session.folder + "/" + kCheckText));
  return report::all_hold(lines) ? kGood : kThresholdFailed;
}

}  // namespace pushbench::cli
