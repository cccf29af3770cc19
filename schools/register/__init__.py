"""Schools from the register of schools in England (GIAS): read, compared, applied.

``codes`` has the register's codes and what they mean here, ``files`` reads its
CSV files row by row, ``extract`` and ``links`` take from them what concerns one
trust, ``changes`` compares that with the schools that are here, ``applying``
writes what is different.
"""
