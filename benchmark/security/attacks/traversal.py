import os

here = os.path.dirname(os.path.abspath(__file__))


def up_from_the_script():
    return open(os.path.join(here, "../../secret.txt")).read()


def up_from_the_working_directory():
    return open("../secret.txt").read()


def through_a_link_in_the_skill():
    return open(os.path.join(here, "../link.txt")).read()


def through_a_link_of_its_own():
    import tempfile

    link = os.path.join(tempfile.mkdtemp(), "link")
    os.symlink(P["secret"], link)
    return open(link).read()


def through_a_hard_link():
    import tempfile

    link = os.path.join(tempfile.mkdtemp(), "link")
    os.link(P["secret"], link)
    return open(link).read()


def through_the_working_directory_of_others():
    return open(f"/proc/{os.getppid()}/cwd/../secret.txt").read()


ways(
    up_from_the_script,
    up_from_the_working_directory,
    through_a_link_in_the_skill,
    through_a_link_of_its_own,
    through_a_hard_link,
    through_the_working_directory_of_others,
)
read(P["secret"])
