"""Answers SQL, a JSON line for each: see start.

Arguments: directory of metastore and warehouse, jar of Hive's JSON SerDe.
"""

import json
import sys

from pyspark.sql import SparkSession

directory, jar = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.jars", jar)
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.sql.warehouse.dir", f"{directory}/warehouse")
    .config("spark.hadoop.javax.jdo.option.ConnectionURL", f"jdbc:derby:;databaseName={directory}/metastore;create=true")
    .config("spark.driver.extraJavaOptions", f"-Duser.timezone=UTC -Dderby.system.home={directory}")
    .enableHiveSupport()
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")


def text(value):
    """Values as the shell of Spark prints them, but for NULL."""
    return value if value is None or isinstance(value, str) else str(value)


def answer(sql):
    try:
        frame = spark.sql(sql)
        return {"columns": frame.columns, "rows": [[text(v) for v in row] for row in frame.collect()]}
    except Exception as e:  # the engine's word on the statement
        return {"error": str(e)}


print(json.dumps({"columns": [], "rows": []}), flush=True)  # ready
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)["sql"])), flush=True)
spark.stop()
