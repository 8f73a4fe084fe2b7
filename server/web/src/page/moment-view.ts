/** What the map and the bands have in common: one answer about one moment, asked for when shown. */
import { element } from './dom';
import { Latest } from './latest';
import type { Page } from './page';
import {
  clearPlaceholder,
  mayPass,
  showLoading,
  showTrouble,
  troubleOf,
} from './status/placeholder';
import type { View, ViewState } from './view-state';

const RETRY_MS = 3_000;

/** What a view of one moment is made of. */
export interface MomentViewParts<Answer> {
  name: View;
  /** Said while it loads. */
  words: string;
  /** Members of the state that change the question. */
  question: readonly (keyof ViewState)[];
  ask(signal: AbortSignal): Promise<Answer>;
  show(answer: Answer): void;
  /** Called when there is a picture, or it is said why there is none. */
  drawn(): void;
}

/** Asks when the view is shown, again with each closed bar, and keeps the picture meanwhile. */
export class MomentView<Answer> {
  readonly placeholder = element('div', { class: 'placeholder' });
  answer: Answer | null = null;
  readonly #latest = new Latest();

  constructor(
    private readonly page: Page,
    private readonly parts: MomentViewParts<Answer>,
  ) {
    page.view.watch(['view'], () => this.load());
    page.view.watch(parts.question, () => this.#anew());
    page.facts.watch(['listing'], () => this.#anew());
    page.facts.watch(['bands'], () => this.load());
  }

  /** Ask, where the view is shown. */
  load(): void {
    const isShown = this.page.view.value.view === this.parts.name;
    if (isShown && this.page.facts.value.listing !== null) void this.#load();
  }

  #anew(): void {
    this.answer = null;
    this.load();
  }

  async #load(): Promise<void> {
    if (this.answer === null) showLoading(this.placeholder, this.parts.words);
    try {
      const answer = await this.#latest.run((signal) => this.parts.ask(signal));
      if (answer === null) return;
      this.answer = answer;
      clearPlaceholder(this.placeholder);
      this.parts.show(answer);
    } catch (error) {
      this.#failed(error);
    }
    this.parts.drawn();
  }

  #failed(error: unknown): void {
    // A picture stays; the next bar asks again.
    if (this.answer !== null) return;
    showTrouble(this.placeholder, troubleOf(error), () => void this.#load());
    if (mayPass(error)) setTimeout(() => this.answer ?? this.load(), RETRY_MS);
  }
}
