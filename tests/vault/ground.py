"""Two databases of our own, and vaults and sessions on them."""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from loket.db import Database, Scope
from loket.vault.kek.local import LocalKek
from loket.vault.vault import Vault

KEK = bytes(range(32))
GEMEENTE = "0396"
BUUR = "0473"


@dataclass
class Ground:
    """Two databases and what works on them."""

    data_url: str
    keys_url: str
    data: Engine
    keys: Engine

    def vault(self, **options: object) -> Vault:
        """A vault that has nothing open yet."""
        kek = LocalKek({1: options.pop("kek", KEK)})  # type: ignore[dict-item]  # a test gives bytes
        return Vault(self.keys, kek, **options)  # type: ignore[arg-type]  # options are those of Vault

    def database(self, vault: Vault) -> Database:
        return Database(self.data, vault=vault)

    def session(self, *gemeenten: str, vault: Vault | None = None) -> Session:
        scope = Scope(gemeenten or (GEMEENTE,))
        return self.database(vault or self.vault()).session(scope)
