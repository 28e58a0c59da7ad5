"""The licence library's types (电子证照): which licences the cases of this province issue, and what is printed on each."""
