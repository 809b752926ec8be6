import { byId } from './dom.js';

/**
 * The line in which one writes, #text in the form #write. `send` hears what was written, unless it
 * is blank, and when it was sent (performance.now()).
 */
export function takeMessages(send: (text: string, clicked: number) => void): HTMLInputElement {
  const line = byId<HTMLInputElement>('text');
  byId('write').addEventListener('submit', (event) => {
    const clicked = performance.now();
    event.preventDefault();
    if (line.value.trim() === '') return;
    send(line.value, clicked);
    line.value = '';
    line.focus();
  });
  return line;
}
