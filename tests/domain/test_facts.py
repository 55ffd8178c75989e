from shopwatch.domain.facts import Bus, PopularPageMade, SourcesChanged, Subscriptions


def test_closed_ears_hear_no_more_and_take_nothing_from_others() -> None:
    bus, heard, elsewhere = Bus(), list[object](), list[object]()
    subscriptions = Subscriptions(bus)
    subscriptions.listen(SourcesChanged, heard.append)
    subscriptions.listen(PopularPageMade, heard.append)
    bus.listen(SourcesChanged, elsewhere.append)
    bus.tell(SourcesChanged())
    bus.tell(PopularPageMade(1))
    subscriptions.close()
    subscriptions.close()
    bus.tell(SourcesChanged())
    bus.tell(PopularPageMade(2))
    assert heard == [SourcesChanged(), PopularPageMade(1)]
    assert elsewhere == [SourcesChanged()] * 2
    assert not bus.hears(PopularPageMade)


def test_ears_can_listen_again_after_they_were_closed() -> None:
    bus, heard = Bus(), list[object]()
    subscriptions = Subscriptions(bus)
    subscriptions.listen(SourcesChanged, heard.append)
    subscriptions.close()
    subscriptions.listen(SourcesChanged, heard.append)
    bus.tell(SourcesChanged())
    assert heard == [SourcesChanged()]
