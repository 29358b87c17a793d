"""What mails are about. All texts are invented.

In braces stand values that ``texts`` fills in: a street, a day, an amount.
"""

from typing import NamedTuple


class Topic(NamedTuple):
    """A subject: the mailbox that deals with it, what is asked and what is answered, and what comes
    after that. ``files``: what residents send along."""

    box: str
    subjects: tuple[str, ...]
    questions: tuple[str, ...]
    details: tuple[str, ...]
    answers: tuple[str, ...]
    further: tuple[str, ...]
    last: tuple[str, ...]
    files: tuple[str, ...] = ()


TOPICS = (
    Topic(
        "burgerzaken",
        ("Paspoort aanvragen", "Nieuw paspoort", "Vraag over mijn paspoort"),
        (
            "Mijn paspoort verloopt in {maand}. Kan ik nog deze week langskomen voor een nieuw?",
            "Ik ben mijn paspoort kwijt en vertrek op {datum}. Is er een spoedprocedure?",
            "Voor onze {kind} willen wij een eerste paspoort. Moeten beide ouders meekomen?",
        ),
        (
            "Op de site vind ik alleen de prijs voor volwassenen.",
            "Mijn pasfoto is van vorig jaar, is die nog goed?",
            "Op {dag} heb ik de hele ochtend vrij.",
        ),
        (
            "U kunt op {dag} om half tien terecht aan balie 3. Neem uw oude document en een "
            "pasfoto mee die niet ouder is dan zes maanden.",
            "Met spoed kan het binnen een werkdag; daarvoor rekenen wij {bedrag} extra. Kom voor "
            "twee uur 's middags langs.",
            "Een van de ouders mag alleen komen als de ander schriftelijk toestemming geeft. Het "
            "formulier sturen wij mee.",
        ),
        (
            "Kan mijn partner het paspoort voor mij ophalen?",
            "Dank, moet ik daarvoor nog een afspraak maken of kan ik binnenlopen?",
        ),
        (
            "Ophalen moet u zelf doen, want wij controleren dan uw gezicht.",
            "Maak de afspraak via de site, dan hoeft u niet te wachten.",
        ),
        ("pasfoto.jpg", "toestemming.pdf"),
    ),
    Topic(
        "burgerzaken",
        ("Verhuizing doorgeven", "Adreswijziging", "Verhuisd naar {straat}"),
        (
            "Sinds {datum} woon ik op {straat} {nummer}. Hoe geef ik dat door?",
            "Wij gaan op {datum} samenwonen op {straat} {nummer}. Moeten wij dat allebei melden?",
            "Mijn {kind} gaat in een andere gemeente op kamers. Moet ik dat hier ook melden?",
        ),
        (
            "Het huurcontract voeg ik toe.",
            "De post voor de vorige bewoners komt hier nog steeds.",
            "Digitaal lukt het niet, want ik heb nog geen DigiD.",
        ),
        (
            "Wij hebben de verhuizing verwerkt met ingang van {datum}. Een bevestiging volgt per "
            "post.",
            "U mag samen een aangifte doen. Stuur ons een kopie van het huurcontract, dan ronden "
            "wij het af.",
            "De nieuwe gemeente schrijft in en laat ons dat weten. U hoeft hier niets te doen.",
        ),
        (
            "Gaat de nieuwe parkeervergunning dan ook vanzelf?",
            "Krijgt het waterschap dit ook door?",
        ),
        (
            "Nee, die vraagt u apart aan; dat kan vanaf de dag van de verhuizing.",
            "Ja, dat loopt via de basisregistratie.",
        ),
        ("huurcontract.pdf",),
    ),
    Topic(
        "reiniging",
        ("Container niet geleegd", "Groene bak", "Afval op {straat}"),
        (
            "Op {dag} is de groene bak op {straat} niet geleegd. De hele rij staat er nog.",
            "Onze restcontainer is kapot: het deksel is eraf. Waar vraag ik een andere aan?",
            "Naast de ondergrondse container aan {straat} liggen al dagen vuilniszakken.",
        ),
        (
            "Het begint te stinken en er komen meeuwen op af.",
            "Volgens de kalender was het wel de goede dag.",
            "De pas geeft een rood lampje.",
        ),
        (
            "Er was een auto uitgevallen. Op {dag} rijdt de wagen een extra ronde; laat de bak "
            "buiten staan.",
            "Wij ruilen de container om op {datum}. Zet hem die dag leeg aan de straat.",
            "De ploeg heeft het opgeruimd en toezicht kijkt of er een afzender in de zakken zat.",
        ),
        (
            "De bak is weer overgeslagen, nu voor de tweede keer.",
            "Keurig, het is opgeruimd. Kan er een bord komen te staan?",
        ),
        (
            "Dat spijt ons. De voorman komt persoonlijk kijken.",
            "Voor een bord is eerst een besluit nodig; wij hebben het doorgegeven aan de wijk.",
        ),
        ("container.jpg", "straat.jpg"),
    ),
    Topic(
        "reiniging",
        ("Grofvuil ophalen", "Oude bank", "Afspraak grofvuil"),
        (
            "Ik wil een bank en twee stoelen laten ophalen aan {straat} {nummer}. Wanneer kan dat?",
            "Hoeveel kost het om een koelkast en een bed te laten halen?",
        ),
        ("Ik woon op de tweede verdieping.", "Tillen lukt mij niet meer.", "Liefst op {dag}."),
        (
            "Wij komen op {datum} tussen acht en twaalf. Zet alles die ochtend aan de stoeprand.",
            "Een keer per jaar is het gratis, daarna kost een rit {bedrag}.",
        ),
        ("Er is een matras bij gekomen, mag dat ook mee?", "De wagen is niet geweest."),
        ("Dat mag, als het droog blijft.", "Wij hebben {dag} als nieuwe dag voor u gezet."),
        ("bank.jpg",),
    ),
    Topic(
        "parkeren",
        ("Parkeervergunning", "Kenteken wijzigen", "Bezoekersregeling parkeren"),
        (
            "Ik rijd nu een andere auto, kenteken {kenteken}. Kan de vergunning daarop?",
            "Hoe lang is de wachtlijst voor een vergunning op {straat}?",
            "Mijn mantelzorger krijgt steeds bekeuringen. Is er een regeling?",
        ),
        (
            "De leaseverklaring stuur ik mee.",
            "Op de site krijg ik een foutmelding bij de laatste stap.",
            "De oude vergunning loopt tot {datum}.",
        ),
        (
            "Het kenteken {kenteken} staat er nu in; de wijziging werkt meteen.",
            "Er staan nog negen mensen voor u. Wij verwachten plaats in {maand}.",
            "Voor mantelzorgers bestaan zestig uren per kwartaal. U vraagt ze aan met DigiD.",
        ),
        (
            "Ik heb tussendoor een boete van {bedrag} gekregen. Kunt u die intrekken?",
            "Geldt dat ook in de avond?",
        ),
        (
            "Daarvoor maakt u bezwaar; wij kijken er binnen zes weken naar.",
            "Ja, tot elf uur 's avonds.",
        ),
        ("leaseverklaring.pdf", "bekeuring.pdf"),
    ),
    Topic(
        "belastingen",
        ("Bezwaar WOZ-waarde", "WOZ-beschikking {jaar}", "Waarde van mijn huis"),
        (
            "De WOZ-waarde van {straat} {nummer} is dit jaar veel hoger dan die van de buren. Hoe "
            "is die berekend?",
            "Ik maak bezwaar tegen de WOZ-beschikking van {jaar}. Het taxatieverslag klopt niet.",
        ),
        (
            "De uitbouw waar u van uitgaat is er nooit gekomen.",
            "Een taxatie van de makelaar voeg ik toe.",
            "De beschikking is van {datum}, dus ik ben op tijd.",
        ),
        (
            "Uw bezwaar is binnen. Voor het eind van {jaar} krijgt u een uitspraak.",
            "De taxateur heeft de oppervlakte aangepast. De waarde gaat {bedrag} omlaag; u krijgt "
            "een nieuwe beschikking.",
            "Het verslag met de vergeleken woningen staat klaar in Mijn Zilverdam.",
        ),
        (
            "De derde woning in het verslag heeft een garage en die heb ik niet.",
            "Moet ik de aanslag intussen wel betalen?",
        ),
        (
            "Dat nemen wij mee in de beoordeling.",
            "U betaalt het deel waar u het mee eens bent; de rest mag wachten.",
        ),
        ("taxatieverslag.pdf", "woz-beschikking.pdf"),
    ),
    Topic(
        "belastingen",
        ("Kwijtschelding", "Aanslag in termijnen", "Gemeentelijke belastingen {jaar}"),
        (
            "Ik leef van een minimum en kan de aanslag van {bedrag} niet in een keer betalen.",
            "Waarom betaal ik rioolheffing voor een garagebox?",
        ),
        (
            "Vorig jaar kreeg ik kwijtschelding zonder dat ik iets hoefde te doen.",
            "Afschriften van mijn rekening zitten erbij.",
        ),
        (
            "Met automatische incasso verdelen wij het bedrag over tien termijnen.",
            "U krijgt kwijtschelding voor het hele bedrag. De brief is onderweg.",
            "De garagebox heeft een eigen aansluiting en telt daarom mee.",
        ),
        ("Loopt de incasso ook door als ik verhuis?", "Ik kreeg toch een aanmaning."),
        (
            "Ja, tot de aanslag betaald is.",
            "Die had u niet mogen krijgen. Wij hebben haar ingetrokken.",
        ),
        ("afschriften.pdf", "aanslag.pdf"),
    ),
    Topic(
        "openbareruimte",
        ("Lantaarnpaal kapot", "Losse stoeptegels", "Melding {straat}"),
        (
            "De lantaarnpaal ter hoogte van {straat} {nummer} knippert sinds {dag}.",
            "Op de hoek bij {straat} liggen tegels los. Mijn buurvrouw is er gevallen.",
            "De boom voor {straat} {nummer} raakt de gevel. Kan hij gesnoeid worden?",
        ),
        (
            "Het nummer op de paal is niet te lezen.",
            "Een foto zit erbij.",
            "Vorig jaar heb ik dit ook gemeld.",
        ),
        (
            "De aannemer gaat er op {datum} heen. U ziet de voortgang op de kaart met meldingen.",
            "De stratenmaker heeft het plein voor {dag} op de lijst.",
            "Buiten het broedseizoen wordt er gesnoeid; u staat voor {maand} genoteerd.",
        ),
        ("Hij doet het nog steeds niet.", "Dank, het is snel opgelost!"),
        (
            "Er blijkt een kabel stuk te zijn. De netbeheerder is ingeschakeld.",
            "Fijn om te horen, wij geven het door aan de ploeg.",
        ),
        ("lantaarnpaal.jpg", "stoep.jpg", "boom.jpg"),
    ),
    Topic(
        "vergunningen",
        ("Dakkapel", "Aanvraag omgevingsvergunning", "Uitbouw {straat} {nummer}"),
        (
            "Wij willen een dakkapel aan de straatkant van {straat} {nummer}. Mag dat zomaar?",
            "Mag onze uitbouw drie meter diep worden? De tekening zit erbij.",
            "Hoe ver is onze aanvraag? De termijn loopt tot {datum}.",
        ),
        (
            "De buren hebben er een van dezelfde maat.",
            "De aannemer wil in {maand} beginnen.",
            "De constructieberekening volgt nog.",
        ),
        (
            "Aan de voorkant is een vergunning nodig. Stuur ons een tekening met maten.",
            "De commissie bekijkt het plan op {datum}. U mag daarbij zijn.",
            "Het besluit is genomen: de vergunning is verleend en ligt zes weken ter inzage.",
        ),
        ("Welke leges komen daarbij?", "Hierbij de aangepaste tekening."),
        (
            "De leges zijn {bedrag}; u krijgt een rekening na het besluit.",
            "Ontvangen. De behandelaar voegt haar toe aan het dossier.",
        ),
        ("tekening.pdf", "situatieschets.pdf"),
    ),
    Topic(
        "vergunningen",
        ("Straatfeest", "Evenement op {straat}", "Melding buurtbarbecue"),
        (
            "Op {datum} willen wij {straat} afzetten voor een feest met de buurt. Wat is er nodig?",
            "Geldt de geluidsnorm ook voor een koor in de tuin?",
        ),
        ("Er komen ongeveer zestig mensen.", "Wij huren zelf hekken."),
        (
            "Voor minder dan honderd bezoekers volstaat een melding, drie weken van tevoren.",
            "De brandweer wil een doorgang van drie en een halve meter.",
        ),
        ("Kan de gemeente de hekken brengen?", "Mogen wij ook bier schenken?"),
        (
            "Dat kan voor {bedrag}. Bestel ze via de buitendienst.",
            "Dan is er een ontheffing nodig; het formulier staat op de site.",
        ),
        ("plattegrond.pdf",),
    ),
    Topic(
        "inkomen",
        ("Uitkering en inkomsten", "Inkomstenformulier {maand}", "Vraag over de bijstand"),
        (
            "Ik ga per {datum} twaalf uur per week werken. Wat blijft er van mijn uitkering over?",
            "De betaling van {maand} is niet binnen. Kunt u nagaan waar het blijft?",
            "Mijn {kind} wordt achttien en woont thuis. Verandert er iets?",
        ),
        (
            "Mijn consulent is niet bereikbaar.",
            "De loonstrook voeg ik toe.",
            "De huur moet de eerste van de maand betaald zijn.",
        ),
        (
            "Er is {bedrag} te weinig overgemaakt. Dat staat op {dag} op uw rekening.",
            "Een kwart van het loon mag u een half jaar houden. De berekening sturen wij na.",
            "Ja, vanaf die datum geldt de norm voor mensen die kosten delen.",
        ),
        ("Waar lever ik de loonstroken voortaan in?", "Kan er een voorschot komen?"),
        (
            "Via Mijn Zilverdam, voor de vijfde van elke maand.",
            "Het voorschot van {bedrag} is vandaag betaald.",
        ),
        ("loonstrook.pdf", "arbeidscontract.pdf"),
    ),
    Topic(
        "zorg",
        ("Hulp in het huishouden", "Traplift", "Herindicatie Wmo"),
        (
            "Sinds mijn heupoperatie lukt schoonmaken niet. Kan ik hulp krijgen?",
            "De hulp van mijn moeder komt al weken niet. Wie kan ik daarover bellen?",
            "Onze indicatie loopt af in {maand}. Moet ik zelf verlengen?",
        ),
        (
            "Mijn {kind} doet nu wat mogelijk is.",
            "Het verslag van de fysiotherapeut zit erbij.",
            "Bellen kan het beste in de middag.",
        ),
        (
            "Een consulent komt op {datum} bij u thuis om te kijken wat nodig is.",
            "De aanbieder had geen vervanging. Vanaf {dag} komt er weer iemand.",
            "Wij nemen zelf contact op, uiterlijk acht weken voor het einde.",
        ),
        ("Mag mijn dochter bij het gesprek zijn?", "Hoe hoog is de eigen bijdrage?"),
        (
            "Graag zelfs. Een onafhankelijke cliëntondersteuner kan er ook bij zijn.",
            "Die is {bedrag} per maand, wat er ook wordt ingezet.",
        ),
        ("verslag.pdf", "machtiging.pdf"),
    ),
    Topic(
        "info",
        ("Openingstijden", "Afspraak verzetten", "Bereikbaarheid stadhuis"),
        (
            "Is het stadhuis op {dag} ook 's avonds open?",
            "Ik kan niet bij mijn afspraak van {datum} zijn. Kan die naar een andere dag?",
            "Is de publiekshal te bereiken met een scootmobiel?",
        ),
        ("Het afspraaknummer heb ik niet meer.", "Telefonisch stond ik lang in de wacht."),
        (
            "Op donderdag zijn wij tot acht uur open, in de andere plaatsen alleen 's ochtends.",
            "Uw afspraak staat nu op {dag} om kwart over elf.",
            "De ingang aan de kant van {straat} heeft een helling en een automatische deur.",
        ),
        ("Kan het ook een dag later?", "Prettig dat u zo snel reageert."),
        ("Dat is geregeld.", "Graag gedaan, tot ziens in het stadhuis."),
    ),
    Topic(
        "info",
        ("Klacht over de balie", "Klacht", "Niet goed geholpen"),
        (
            "Aan de balie werd ik op {dag} onvriendelijk weggestuurd omdat ik vijf minuten te "
            "laat was. Daar wil ik een klacht over indienen.",
            "Op mijn brief van {datum} is nooit gereageerd.",
        ),
        ("Ik kwam met de bus en die had vertraging.", "Dit is de derde keer dat ik schrijf."),
        (
            "Het spijt ons dat het zo gelopen is. De coördinator belt u op {dag}.",
            "Uw klacht is geregistreerd. Binnen zes weken krijgt u een oordeel.",
        ),
        ("Ik werd niet gebeld.", "Het gesprek was goed, wat mij betreft is het klaar."),
        (
            "Excuses, er is een verkeerd nummer genoteerd. Wij bellen vandaag nog.",
            "Dank voor uw bericht. Dan sluiten wij de klacht.",
        ),
        ("brief.pdf",),
    ),
    Topic(
        "burgerzaken",
        ("Uittreksel", "Uittreksel basisregistratie", "Bewijs van in leven zijn"),
        (
            "Mijn verhuurder vraagt een uittreksel. Kan dat digitaal?",
            "Voor mijn pensioen uit het buitenland moet een formulier getekend worden. Doet u dat?",
        ),
        ("Het heeft haast, de sleutel is er op {datum}.", "Het formulier zit erbij."),
        (
            "Een uittreksel kost {bedrag} en ligt binnen drie dagen in de bus.",
            "Kom met het formulier en een legitimatie naar de balie, dan tekenen wij meteen.",
        ),
        ("Kan het ook in het Engels?", "De verhuurder neemt alleen papier aan."),
        (
            "Ja, een meertalig formulier geven wij erbij.",
            "Het is vandaag op de post gegaan.",
        ),
        ("formulier.pdf",),
    ),
    Topic(
        "burgerzaken",
        ("Trouwen in {maand}", "Voorgenomen huwelijk", "Vrije data Zilverzaal"),
        (
            "Wij willen in {maand} trouwen met twintig gasten. Welke zalen zijn er vrij?",
            "Kan een vriend ons trouwen als buitengewoon ambtenaar voor een dag?",
        ),
        ("Een vrijdag heeft onze voorkeur.", "Mijn partner is in het buitenland geboren."),
        (
            "De Zilverzaal is vrij op {datum}. Wij houden haar twee weken voor u vast.",
            "Dat kan. De benoeming kost {bedrag} en duurt ongeveer acht weken.",
        ),
        ("Wij nemen de optie!", "Welke akten moeten er vertaald worden?"),
        (
            "Van harte gefeliciteerd alvast. De bevestiging zit in Mijn Zilverdam.",
            "De geboorteakte, door een beëdigd vertaler.",
        ),
        ("geboorteakte.pdf",),
    ),
    Topic(
        "openbareruimte",
        ("Schade door stoeptegel", "Schadeclaim", "Gat in de weg"),
        (
            "Door een gat in {straat} is mijn velg krom. Wie vergoedt de {bedrag}?",
            "Ik ben over een opstaande tegel gevallen bij {straat} {nummer} en heb mijn bril stuk.",
        ),
        ("De bon zit erbij.", "Een getuige is er ook.", "De huisarts heeft een verslag gemaakt."),
        (
            "Uw claim is doorgestuurd naar de verzekeraar. Die reageert binnen drie maanden.",
            "De plek is dezelfde dag nog hersteld. Voor een vergoeding vult u het formulier in.",
        ),
        ("Ik heb nog niets gehoord van de verzekeraar.", "Hierbij het ingevulde formulier."),
        (
            "Wij hebben een herinnering gestuurd en houden u op de hoogte.",
            "Dank, het dossier is compleet.",
        ),
        ("bon.pdf", "velg.jpg"),
    ),
    Topic(
        "inkomen",
        ("Bijzondere bijstand", "Meedoenregeling {jaar}", "Fiets voor mijn {kind}"),
        (
            "De wasmachine is stuk en sparen lukt niet. Kan bijzondere bijstand helpen?",
            "Hoe vraag ik de regeling voor sport en school aan voor mijn {kind}?",
        ),
        ("Een offerte van {bedrag} voeg ik toe.", "Wij krijgen al twee jaar een uitkering."),
        (
            "Voor een wasmachine verstrekken wij een lening zonder rente. Uw consulent belt.",
            "De aanvraag is goedgekeurd; de vereniging krijgt het bedrag rechtstreeks.",
        ),
        ("Hoe lang duurt het nog?", "De vereniging zegt dat er niets binnen is."),
        (
            "Uiterlijk op {datum} ligt er een besluit.",
            "De betaling van {bedrag} is op {dag} gedaan.",
        ),
        ("offerte.pdf",),
    ),
)  # fmt: skip
