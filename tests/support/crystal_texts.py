"""Published structures as CIF text, written here from their space groups."""

from __future__ import annotations

from collections.abc import Sequence


def cif(
    name: str,
    group: str,
    cell: tuple[float, float, float, float, float, float],
    sites: Sequence[tuple[str, float, float, float]],
    occupancy: float = 1.0,
) -> str:
    """A minimal CIF."""
    a, b, c, alpha, beta, gamma = cell
    rows = "\n".join(f"{symbol} {symbol} {x} {y} {z} {occupancy}" for symbol, x, y, z in sites)
    return (
        f"data_{name}\n_symmetry_space_group_name_H-M '{group}'\n"
        f"_cell_length_a {a}\n_cell_length_b {b}\n_cell_length_c {c}\n"
        f"_cell_angle_alpha {alpha}\n_cell_angle_beta {beta}\n_cell_angle_gamma {gamma}\n"
        "loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n"
        f"_atom_site_fract_z\n_atom_site_occupancy\n{rows}\n"
    )


def cubic(name: str, group: str, a: float, *sites: tuple[str, float, float, float]) -> str:
    """A minimal CIF of a cubic crystal."""
    return cif(name, group, (a, a, a, 90, 90, 90), sites)


NACL = cubic("NaCl", "F m -3 m", 5.6402, ("Na", 0, 0, 0), ("Cl", 0.5, 0.5, 0.5))
MGO = cubic("MgO", "F m -3 m", 4.2117, ("Mg", 0, 0, 0), ("O", 0.5, 0.5, 0.5))
SILICON = cubic("Si", "F d -3 m", 5.4310, ("Si", 0, 0, 0))
DIAMOND = cubic("C", "F d -3 m", 3.5668, ("C", 0, 0, 0))
FLUORITE = cubic("CaF2", "F m -3 m", 5.4626, ("Ca", 0, 0, 0), ("F", 0.25, 0.25, 0.25))
RUTILE = cif("TiO2", "P 42/m n m", (4.5937, 4.5937, 2.9587, 90, 90, 90), (("Ti", 0, 0, 0), ("O", 0.3053, 0.3053, 0)))
CORUNDUM = cif("Al2O3", "R -3 c", (4.7589, 4.7589, 12.991, 90, 90, 120), (("Al", 0, 0, 0.3522), ("O", 0.3063, 0, 0.25)))
DISORDERED = cif("LiO", "F m -3 m", (4.2, 4.2, 4.2, 90, 90, 90), (("Li", 0, 0, 0), ("O", 0.5, 0.5, 0.5)), occupancy=0.5)
POSCAR = """NaCl
1.0
5.64 0 0
0 5.64 0
0 0 5.64
Na Cl
4 4
direct
0 0 0
0 .5 .5
.5 0 .5
.5 .5 0
.5 .5 .5
.5 0 0
0 .5 0
0 0 .5
"""
