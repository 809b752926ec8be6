import { byId } from './dom.js';

/** Says beside a field (#ID, #ID-fault) what would be right; '' where it is right. */
export function sayFault(input: HTMLInputElement, words: string): void {
  input.setAttribute('aria-invalid', String(words !== ''));
  byId(`${input.id}-fault`).textContent = words;
}
