from onvif_api.soap import log_line


def test_a_long_name_of_a_stranger_is_not_remembered() -> None:
    log_line._one_word.cache_clear()
    for end in "abc":
        log_line.log_line("192.0.2.9", "-", "{urn:" + "x" * 900_000 + "}" + end, "ok", 0.001)
    assert log_line._one_word.cache_info().currsize == 3  # address, user and what is left of it
