"""From what the dashboard draws and says to the plain shapes of a report."""

from ..shapes import Band, Bullet, Chip, Movement, Spark, Stack, StackPart


def chip_of(verdict, marks=None):
    """A verdict's status in words, with its marks."""
    status = verdict.status
    told = sorted(verdict.marks) if marks is None else marks
    return Chip(status.value, status.letter, status.words, tuple(mark.words for mark in told))


def movement_shape(movement):
    return movement and Movement(movement.direction, movement.worse, movement.words)


def spark_shape(spark):
    return spark and Spark(spark.path, spark.goal or "", tuple(spark.dot or ()), spark.say)


def bullet_shape(bullet):
    return bullet and Bullet(
        bands=tuple(Band(*band) for band in bullet.bands),
        end=bullet.end,
        is_bar=bullet.is_bar,
        tick=bullet.tick or "",
        diamond=bullet.diamond or "",
        say=bullet.say,
    )


def stack_shape(stack):
    return stack and Stack(
        parts=tuple(
            StackPart(
                status=part.status.value,
                letter=part.status.letter,
                count=part.count,
                x=part.x,
                width=part.width,
                middle=part.middle,
                label=part.label,
            )
            for part in stack.parts
        ),
        total=stack.total,
        width=stack.width,
        say=stack.words,
    )
