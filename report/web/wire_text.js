// The text behind the wire view's arrows: beside the one that is pointed at, and all of it in lists.

import { sentenceOf } from './wire_words.js';

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Head and body as they passed, told apart. */
function textOf({ head, body, kind }) {
  const text = element('pre', 'wire-text');
  if (head) text.append(element('span', 'wire-head', head));
  if (kind === 'frame' && body) text.append('\n');
  if (body) text.append(element('span', 'wire-body', body));
  return text;
}

/** Shows the text of one event at a time, below its arrow. */
export class Tip {
  show(event, arrow) {
    this.hide();
    this.box = element('div', 'wire-tip', element('p', '', sentenceOf(event)), textOf(event));
    this.box.setAttribute('aria-hidden', 'true'); // the lists have it for those who listen
    document.body.append(this.box);
    const at = arrow.getBoundingClientRect();
    const { width, height } = this.box.getBoundingClientRect();
    const left = Math.min(at.left, document.documentElement.clientWidth - width - 8);
    const below = at.bottom + height + 8 < window.innerHeight || at.top < height + 8;
    this.box.style.left = `${Math.max(left, 8) + window.scrollX}px`;
    this.box.style.top = `${(below ? at.bottom + 4 : at.top - height - 4) + window.scrollY}px`;
    this.end = new AbortController();
    const { signal } = this.end;
    window.addEventListener('resize', () => this.hide(), { signal });
    window.addEventListener('keydown', ({ key }) => key === 'Escape' && this.hide(), { signal });
  }

  hide() {
    this.end?.abort();
    this.box?.remove();
    this.box = undefined;
  }
}

/** All events of each transport, as text. `data` is as for wireView. */
export function wireList(data) {
  return element('div', 'wire-lists', ...data.map(({ transport, events, more }) =>
    element('details', '',
      element('summary', '', `What passed over ${transport}, as text`),
      element('ol', 'wire-list', ...events.map((event) =>
        element('li', '', element('p', '', sentenceOf(event)), textOf(event)))),
      ...(more ? [element('p', 'note', 'There was more than this.')] : []))));
}
