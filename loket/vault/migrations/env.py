"""Run the migrations of the key store on the connection that was handed in."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="keystore_version",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
