"""The channels by which pooling may raise income, each with the parameters that shut it in both arms.

The worth of a subset of channels is the paired effect of an arm against its baseline in the world where these are open
and all others are shut, in both arms. With all shut, villages that pool own nothing better than villages that build
alone, and nobody pays for it: what effect is then left is told as ``with all off``.

Displacement is no channel but a part of each: shares add up over outcomes, so a channel's share in ``DISPLACEMENT`` is
the part of its share that is less (or more) rent of villages' own property, because rents fall and because villages
that pool build less at home. See ``PARTS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from experiments.attribution.shapley import AttributionError, subsets
from model.parameters import Parameters, Value, nearest

if TYPE_CHECKING:
    from model.mechanism import Mechanism

# Of recurrent income: what is left is other income, which no arm changes, and rent of idle land, interest and subsidy.
DISPLACEMENT = "home_income_mean"
PARTS = (DISPLACEMENT, "pool_income_mean")


def _always(mechanism: Mechanism) -> bool:
    return True


@dataclass(frozen=True)
class Channel:
    """A way by which pooling may raise income.

    off: the parameters with which it is shut, key -> value, or key -> key of the parameter whose value it takes; why:
    why that shuts it; leaves: what it does not shut. support: the reasons of public outlay (names in ``model.flows``)
    that end with it. choices: which choices of a mechanism, by the names of their fields, it shuts by their keys.
    felt_by: whether a mechanism can feel it; an arm none of whose mechanisms can runs the same, open or shut.
    """

    name: str
    title: str
    title_zh: str
    meaning: str
    off: Mapping[str, float | str] = field(hash=False)
    why: str
    leaves: str = ""
    support: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    felt_by: Callable[[Mechanism], bool] = _always


def _zero(*keys: str) -> Mapping[str, float]:
    return MappingProxyType(dict.fromkeys(keys, 0.0))


def _is_paid_for_quota(mechanism: Mechanism) -> bool:
    return bool(mechanism.compensation)


def _is_granted(mechanism: Mechanism) -> bool:
    """Villages' own choice knows one grant; all other capital may hold grants, and pairs send managers."""
    return bool(mechanism.grant) or not mechanism.chosen


def _is_guaranteed(mechanism: Mechanism) -> bool:
    return mechanism.guaranteed


def _is_relieved(mechanism: Mechanism) -> bool:
    return bool(mechanism.relief or mechanism.interest_subsidy)


PLACE = Channel(
    name="place",
    title="Better places",
    title_zh="区位",
    meaning="What a place does to the firms in it: its quality, its distance, and the company of other firms.",
    off=_zero("place.contrast"),
    why=(
        "It multiplies every difference between places for firms. The company of firms is of the place, and not of "
        "scale: what members gain by it is that others are there already."
    ),
    leaves="Floor elsewhere keeps its own quality, and land in zones its price.",
)
SCALE = Channel(
    name="scale",
    title="Scale and kind of building",
    title_zh="规模与建筑形式",
    meaning=(
        "One large project instead of many small sheds: cheaper by its size, and in storeys, which cost more a square "
        "metre and spare land. It may be a loss on balance."
    ),
    off=MappingProxyType(
        {
            "build.scale_cost": 0.0,
            "build.home_cost": "build.cost",
            "build.town_cost": "build.cost",
            "build.home_floor_area_ratio": "build.floor_area_ratio",
            "build.town_floor_area_ratio": "build.floor_area_ratio",
        }
    ),
    why="A square metre costs the same in every size, and villages build at home and in towns as is built in the zone.",
    leaves="A project in the zone still pays for its land, while at home quota alone is used up.",
)
INDIVISIBILITY = Channel(
    name="indivisibility",
    title="Indivisibility and credit",
    title_zh="不可分割与信贷",
    meaning=(
        "Least plots and least sums that a village with little money and credit does not reach alone, and firms that "
        "do not fit into small sheds."
    ),
    off=MappingProxyType(
        {
            **_zero("build.min_plot_home", "build.min_plot_town", "build.min_plot_zone"),
            **_zero("build.min_capital", "pool.min_stake"),
            "firms.least_fit": 0.01,
        }
    ),
    why="Any sum builds something, so nobody needs a loan to begin; and firms take what floor there is, 1% at least.",
    leaves=(
        "The debt limit stays: villages weigh an offer against all that they could borrow, so that a high limit would "
        "drown their preferences and not only lift a constraint."
    ),
    choices=("min_plot", "min_capital"),
)
RISK_POOLING = Channel(
    name="risk_pooling",
    title="Risk pooling",
    title_zh="风险分担",
    meaning="Villages give up yield for safety, and a share of a large building is safer than a shed.",
    off=_zero("choice.risk_aversion"),
    why="Villages weigh nothing but what they expect, so that the smaller risk of a share moves nobody.",
    leaves=(
        "Members still share what comes: it shuts the worth of safety in decisions, and no sharing of losses, so that "
        "outcomes of inequality and safety keep what equal shares do to them."
    ),
)
COMPENSATION = Channel(
    name="compensation",
    title="Quota compensation",
    title_zh="指标补偿",
    meaning="What the county pays for contributed quota above the market's price.",
    off=_zero("quota.compensation_paid"),
    why="Quota goes into a project at the last auction's price, as where no programme is: neither a gift nor a levy.",
    support=("quota compensation",),
    choices=("compensation",),
    felt_by=_is_paid_for_quota,
)
GRANTS = Channel(
    name="grants",
    title="Grants",
    title_zh="财政补助",
    meaning=(
        "Public money given for capital: grants to weak villages, provincial grants to villages and counties, shares "
        "given to households, and managers sent to a paired county's park."
    ),
    off=MappingProxyType(
        {
            **_zero("pool.grant", "mountain_sea.granted", "tourism.granted", "science_park.granted"),
            **_zero("fashion_park.granted", "shares.from_government", "treasury.seconded_managers"),
        }
    ),
    why="Nothing is given: who lacks the money puts in less, and a park is as large as its owners can pay for.",
    leaves="What counties put in for stakes of their own, and their part of losses on these, is their investment.",
    support=("grant", "provincial grant", "share capital given by the county", "seconded managers"),
    choices=("grant", "granted"),
    felt_by=_is_granted,
)
GUARANTEE = Channel(
    name="guarantee",
    title="Guarantee",
    title_zh="保底收益",
    meaning=(
        "The promise of a return and the county's top-ups, less the surplus that it keeps; what villages believe of "
        "it; and the limit that a county sets to what it promises, which keeps pools small."
    ),
    off=_zero(
        *("pool.coupon_years", "pool.fixed_years", "science_park.coupon_years", "shares.years"),
        *("mountain_sea.coupon_years", "mountain_sea.split_years"),
    ),
    why="A promise of no years: members get the rent as it comes, expect no more, and no limit on promises binds.",
    support=("top-up",),
    choices=("years", "split_years"),
    felt_by=_is_guaranteed,
)
RELIEF = Channel(
    name="relief",
    title="Tax relief and interest subsidy",
    title_zh="税收返还与贴息",
    meaning="Public money that takes off yearly bills: refunded property tax, and subsidised interest.",
    off=_zero("pool.relief", "pool.interest_subsidy"),
    why="Projects pay their tax in full and villages their interest. Building alone loses these supports too.",
    support=("tax relief", "interest subsidy"),
    choices=("relief", "interest_subsidy"),
    felt_by=_is_relieved,
)

CHANNELS: Mapping[str, Channel] = MappingProxyType(
    {one.name: one for one in (PLACE, SCALE, INDIVISIBILITY, RISK_POOLING, COMPENSATION, GRANTS, GUARANTEE, RELIEF)}
)


def find_channels(names: Iterable[str]) -> tuple[Channel, ...]:
    """The channels of some names, in the order given. Raises AttributionError, with the nearest name, for others."""
    found = []
    for name in names:
        if name not in CHANNELS:
            raise AttributionError(f"no channel {name!r}. {nearest(name, CHANNELS)}")
        found.append(CHANNELS[name])
    return tuple(found)


def shut(channels: Iterable[Channel], parameters: Parameters) -> dict[str, Value]:
    """The changes of parameters that shut some channels. parameters: those in force where all are open."""
    return {
        key: parameters.declared(value).plain_value if isinstance(value, str) else value
        for one in channels
        for key, value in one.off.items()
    }


def changes_of_subsets(
    channels: Sequence[Channel], parameters: Parameters, mechanisms: Sequence[Mechanism]
) -> tuple[dict[str, Value], ...]:
    """What shuts all other channels, for each subset that is open, in the order of ``shapley.subsets``.

    Only changes that an arm of these mechanisms can feel: where two subsets have the same changes, one run does for
    both. parameters: those in force where all are open.
    """
    felt = [one for one in channels if any(one.felt_by(mechanism) for mechanism in mechanisms)]
    names = [one.name for one in channels]
    return tuple(shut([one for one in felt if one.name not in open_], parameters) for open_ in subsets(names))


def not_shut(mechanism: Mechanism) -> tuple[str, ...]:
    """Keys of parameters that a mechanism names for what channels stand for, and that no channel shuts.

    Empty for all mechanisms that come with the model. One of one's own may take its grant, say, from a parameter of
    its own: then the channel of grants would leave that grant on.
    """
    parts = (mechanism, mechanism.contract if mechanism.guaranteed else None, mechanism.capital)
    named = [(one, getattr(part, choice, "")) for one in CHANNELS.values() for choice in one.choices for part in parts]
    # Compensation is shut by a switch for all prices, whatever parameter names them.
    return tuple(key for one, key in named if key and key not in one.off and one is not COMPENSATION)
