"""Who lives in the worlds, in a browser: clicked in the picture, or found with the keyboard alone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.one_version
SHOWN = '[data-card="{}"]'
# What has no name that can be heard, and is there to be used.
NAMELESS = """() => {
  const said = node => [...node.childNodes].some(part => part.nodeType === Node.TEXT_NODE ? part.data.trim()
    : !part.matches("select, option, style, input") && said(part));
  return [...document.querySelectorAll(
    ".feidi :is(button, input, select, summary, svg[role=img], [role=radiogroup], [role=tablist] [role=tab])")]
    .filter(one => !(one.getAttribute("aria-label") || [...one.labels ?? []].some(said)
      || (one.matches("button, summary") && said(one))))
    .map(one => one.outerHTML.slice(0, 120)); }"""
# What has the focus: what it does, whether a ring can be seen round it.
FOCUS = """() => { const one = document.activeElement, look = getComputedStyle(one);
  return [one.dataset.do || one.dataset.key || one.tagName,
    one.matches(":focus-visible") && look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2]; }"""
STOPS = 200  # of Tab at most, until it has gone round the page


def named(visit):
    """Everything that can be used has a name, and a place in the order of Tab."""
    assert visit.page.evaluate(NAMELESS) == []
    add, drop = "'beforeend', '<label><select><option>x</select></label>'", "document.querySelector('.feidi').lastChild"
    visit.page.evaluate(f"document.querySelector('.feidi').insertAdjacentHTML({add})")
    assert len(visit.page.evaluate(NAMELESS)) == 1  # one without a name is seen
    visit.page.evaluate(f"{drop}.remove()")
    assert visit.page.locator('.feidi :is(button, input, select, summary)[tabindex="-1"]').count() == 0
    assert visit.page.locator(".feidi").get_attribute("lang") == "en"
    assert visit.page.locator(".feidi h1").count() == 1
    assert visit.page.locator('[role="main"]').count() == 1


def card(visit, key):
    """Wait for somebody's card."""
    visit.expect(SHOWN.format(key)).to_be_visible()


def test_a_village_its_ledger_its_neighbours_and_its_households(visit):
    lived = visit.open("case=tiny&a=enclave&b=pooling&year=2019", 2019)
    lived.page.locator('.feidi-graph.b [data-key="Village-0"]').click()
    card(lived, "Village-0")
    assert lived.text(".feidi-card h3").startswith("Near village 1")
    facts = dict(
        lived.page.locator(".facts tr:has(td)").evaluate_all(
            "rows => rows.map(row => [row.querySelector('th').innerText, row.querySelector('td:last-child').innerText])"
        )
    )
    assert facts["member households"] == "60 households"
    assert facts["capital it has in them"].endswith("yuan")
    lived.expect(".feidi-card h4 >> nth=0").to_have_text("Its ledger of 2019")
    assert lived.page.locator(".ledger td.in").count() > 3
    assert lived.page.locator(".feidi-graph svg.pick").count() == 2
    lived.key("Town-0", ".neighbours").click()
    card(lived, "Town-0")
    lived.key("Village-2", ".neighbours").click()
    card(lived, "Village-2")
    lived.page.locator('.neighbours [data-key^="Project-"]').first.click()
    lived.expect('[data-card^="Project-"]').to_be_visible()
    assert lived.page.locator(".facts th.a").count() == 0
    assert lived.page.locator(".feidi-graph.a svg.pick").count() == 0
    assert lived.page.locator(".feidi-graph.b svg.pick").count() == 1
    lived.page.locator('.neighbours [data-key^="Village-"]').first.click()
    lived.expect('[data-card^="Village-"]').to_be_visible()
    lived.page.get_by_role("button", name="its poorest household").click()
    lived.expect('[data-card^="Household-"]').to_be_visible()
    assert "usual earnings" in lived.text(".feidi-card .facts")
    before = lived.text(".feidi-card .facts")
    lived.part("year").fill("2012")
    lived.at(2012)
    assert lived.text(".feidi-card .facts") != before
    named(lived)
    lived.page.locator(".feidi-card .close").click()
    lived.expect(".feidi-card").to_have_count(0)
    assert lived.page.locator(".feidi-graph svg.pick").count() == 0


def tab_to(visit, name):
    """Press Tab until something has the focus, by what it does or its key."""
    stops = []
    for _ in range(STOPS):
        visit.page.keyboard.press("Tab")
        found, seen = visit.page.evaluate(FOCUS)
        stops.append(found)
        assert seen or found == "BODY", f"no ring round {found}"
        if found == name:
            return
    pytest.fail(f"Tab never came to {name}: {stops}")


def focused(visit, name):
    """Wait until something has the focus that it had before the page was drawn anew."""
    held = "[document.activeElement.dataset.key, document.activeElement.dataset.do]"
    visit.page.wait_for_function(f"() => {held}.includes({name!r})")


def test_all_can_be_done_with_the_keyboard_alone(visit):
    visit.open()
    press = visit.page.keyboard.press
    tab_to(visit, "slide-pool.coupon_rate")
    press("ArrowLeft")
    visit.expect('[data-lever="pool.coupon_rate"] .name b').not_to_have_text("0.1 1/year")
    visit.settled()
    tab_to(visit, "step")
    press("Enter")
    visit.at(2006)
    press("Space")
    visit.at(2007)
    tab_to(visit, "find")
    press("Enter")
    tab_to(visit, "County-0")
    press("Enter")
    card(visit, "County-0")
    focused(visit, "County-0")
    tab_to(visit, "Town-1")
    press("Enter")
    card(visit, "Town-1")
    tab_to(visit, "Village-5")
    press("Enter")
    card(visit, "Village-5")
    tab_to(visit, "2")
    press("Enter")
    visit.expect('[role="tab"][aria-selected="true"]').to_have_text("Who pays")
    focused(visit, "2")
    tab_to(visit, "lesson")
    press("Enter")
    visit.expect('[data-lesson="1"]').to_be_visible()
    focused(visit, "lesson")
    press("Enter")
    visit.expect("[data-lesson]").to_have_count(0)
