"""How columns of a user's own table are printed: the unit set apart, where one can be told."""

from __future__ import annotations

import pytest

from agent.vocabulary import title


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("cd_mg_kg", "cd (mg/kg)"), ("organic_carbon_pct", "organic carbon (%)"), ("depth_m", "depth (m)"),
        ("yield_t_ha", "yield (t/ha)"), ("ec_us_cm", "ec (µS/cm)"), ("temp_C", "temp (°C)"), ("SiO2_wt%", "SiO2 (wt%)"),
        ("depth (m)", "depth (m)"), ("pH", "pH"), ("delta_g", "delta g"), ("Mg_Ca", "Mg Ca"),
        ("firm_pairs", "firm pairs"), ("viscosity_mPa_s", "viscosity mPa s"),
    ],
)  # fmt: skip
def test_a_unit_at_the_end_of_a_name_is_set_apart(key: str, shown: str) -> None:
    assert title(key) == shown
