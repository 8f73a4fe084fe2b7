// ==UserScript==
// @name         liqbands: fill in levels
// @description  Puts the copied levels into the open settings box of the liqbands indicator. You press OK.
// @version      1
// @license      MIT
// @match        https://www.tradingview.com/chart/*
// @grant        none
// ==/UserScript==
//
// Alt+L, with the indicator's settings open on "Inputs": reads the clipboard (the browser asks
// once), puts it into the field "Paste levels here" and stops. It presses no button, opens no
// dialog, sends nothing anywhere and reads nothing else. TradingView's terms forbid automated use
// of its pages; this only replaces your Ctrl+A and Ctrl+V, but whether you use it is your decision.
(() => {
  "use strict";

  const FIELD = "Paste levels here";
  const START = "LH1|";

  const tell = (message) => window.alert(`liqbands: ${message}`);

  // The first visible text area behind the field's name.
  const findField = () => {
    const name = [...document.querySelectorAll("label, span, div")].find(
      (one) => one.childElementCount === 0 && one.textContent.trim() === FIELD,
    );
    if (name === undefined) return undefined;
    return [...document.querySelectorAll("textarea")].find(
      (area) =>
        area.offsetParent !== null &&
        (name.compareDocumentPosition(area) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
    );
  };

  // The page keeps its own copy of a field's value; only its setter and an input event reach it.
  const fill = (field, text) => {
    const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
    field.focus();
    set.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const paste = async () => {
    const field = findField();
    if (field === undefined) {
      tell(`open the indicator's settings first; there is no field "${FIELD}".`);
      return;
    }
    let text = "";
    try {
      text = (await navigator.clipboard.readText()).trim();
    } catch {
      tell("the browser did not let the clipboard be read. Press Ctrl+A, Ctrl+V in the field.");
      return;
    }
    if (!text.startsWith(START)) {
      tell("the clipboard holds no levels. Press 'Copy for TradingView' on the liqbands page.");
      return;
    }
    fill(field, text);
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.shiftKey && event.code === "KeyL") {
      event.preventDefault();
      void paste();
    }
  });
})();
