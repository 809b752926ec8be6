// The text behind the arrow of the wire view that is pointed at.

import { sentenceOf } from './wire_words.js';

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Head and body as they passed, told apart. */
function textOf({ head, body, kind }) {
  // An event's data stands within what is around it.
  const data = kind === 'event' && body ? head.indexOf('data:') : -1;
  const split = data < 0 ? head.length : head.indexOf('\n', data);
  const text = element('pre', 'wire-text', element('span', 'wire-head', head.slice(0, split)));
  if (kind === 'frame' && body) text.append('\n');
  if (body) text.append(element('span', 'wire-body', body));
  if (split < head.length) text.append(element('span', 'wire-head', head.slice(split)));
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
