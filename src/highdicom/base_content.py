"""Contributing equipment, where users import it from."""

from highdicom.modules.equipment import ContributingEquipment

__all__ = ["ContributingEquipment"]
