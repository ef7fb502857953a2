# The same job as the filter-join-aggregate pipeline, as a pandas script. Arguments: SQLite file, Postgres URL.
import sqlite3
import sys

import pandas
import sqlalchemy

source = sqlite3.connect(sys.argv[1])
target = sqlalchemy.create_engine(sys.argv[2].replace("postgres://", "postgresql+psycopg2://"))
rows = pandas.read_sql("select * from t", source)
groups = pandas.read_sql("select * from dim", source)
rows = rows[rows.qty > 10].merge(groups, on="k")
totals = rows.groupby(["label", "city"]).agg(n=("id", "count"), total=("amount", "sum")).reset_index()
totals.to_sql("totals", target, if_exists="replace", index=False)
