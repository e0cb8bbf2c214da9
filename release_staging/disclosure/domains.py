"""Top-level domains that people have mail at. Most that are missing here are words of code: ``@app.route``, ``@x.scheduler``."""

from __future__ import annotations

# ISO 3166-1 as the root zone has it, and eu.
_COUNTRIES = """
ac ad ae af ag ai al am ao ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co
cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm
hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc me mg mh mk
ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw qa re ro ru rw
sa sb sc sd se sg si sk sl sm sn sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi
vn vu wf ws ye yt za zm zw
"""

_GENERIC = """
academy aero africa agency amsterdam app art asia auction audio auto bank bar barcelona bayern berlin best bike bio biz blog brussels
build business cab cafe camp capital care career careers cash cat catering center charity chat church city clinic cloud club coach coffee
com community company computer consulting contact cool coop credit dental design dev digital direct doctor earth eco edu education email
energy engineer engineering estate eus events exchange expert express family farm fashion film finance financial fish fit fitness
foundation fund fyi gal gallery games garden gent gift gifts global gmbh gold gov green group guide guru hamburg health healthcare help
holiday homes hospital hotel house icu immo inc industries info ink institute insurance int international investments irish istanbul
jewelry jobs kitchen koeln land law lawyer legal life limo live llc london lol love ltd madrid management market marketing media melbourne
mil mobi moda money moscow museum music name net network news ngo nrw nyc one ong online org osaka page paris partners parts photo
photography photos pizza plus post press pro properties property pub quebec realestate recipes rent repair report rest restaurant rocks
ruhr sale salon school science scot security services shop shopping site social software solar solutions space sport store studio style
supplies supply support surf swiss sydney taipei tax taxi team tech technology tel tennis theater tickets tips tirol today tokyo tools top
tours town toys trade training travel university vacations vegas ventures vet video villas vin vip vlaanderen voyage wales watch website
wedding wiki wien wine work works world wtf xxx xyz yoga zone
"""

MAIL = frozenset(word.encode() for word in (_COUNTRIES + _GENERIC).split())
