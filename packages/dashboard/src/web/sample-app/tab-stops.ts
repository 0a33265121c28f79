// Compares what the Tab key reaches in a page with what a mouse could use.
import type { Page } from "playwright-core";

/** Interactive elements that Tab does not reach, as the beginnings of their HTML. */
export async function unreachableByTab(page: Page): Promise<string[]> {
  const count = await page.evaluate(() => {
    const usable = "a[href], button, input, select, textarea, [tabindex='0']";
    const visible = [...document.querySelectorAll(usable)].filter((element) => element.checkVisibility());
    for (const element of visible) element.setAttribute("data-unreached", "");
    document.querySelector<HTMLElement>("#page")?.blur();
    return visible.length;
  });
  for (let step = 0; step < count + 3; step += 1) {
    await page.keyboard.press("Tab");
    await page.evaluate(() => document.activeElement?.removeAttribute("data-unreached"));
  }
  return await page.evaluate(() => {
    const missed = [...document.querySelectorAll("[data-unreached]")];
    for (const element of missed) element.removeAttribute("data-unreached");
    return missed.map((element) => element.outerHTML.slice(0, 120));
  });
}
